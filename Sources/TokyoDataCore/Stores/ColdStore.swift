/// The store of history: immutable versions of days, read by naming them.
///
/// Contract, a case of `ColdStoreConformance` for each sentence:
/// - A read gives each row of its versions once.
/// - A read gives nothing of versions that it does not name.
/// - A read of no versions gives nothing.
/// - The query's time range holds to the microsecond.
/// - A filter keeps only rows for which it is true.
/// - Rows whose keys are excluded are left out of their day only.
/// - Groups of null keys are kept.
/// - Sums are exact and fail beyond 38 digits.
/// - A column younger than a version reads as null.
/// - A missing version is an error that names its day, never zero rows.
/// - The rows that entered the answer are counted.
/// - An estimate is at least what the columns of the query take in the surviving versions.
public protocol ColdStore: Sendable {
  /// A short name for plans and errors, such as `lake`.
  var name: String { get }

  /// Reads the part of a query that lies in the versions: batches of `query.partialSchema`.
  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics

  /// What reading the versions would take at most, from their summaries alone.
  func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate
}

/// A version that a query names, and the keys of its rows that hot replaces.
public struct PinnedVersion: Sendable {
  /// The version, as the snapshot's ledger knows it.
  public var record: VersionRecord
  /// The primary keys, in the dataset's key columns, of rows that do not count.
  public var excludedKeys: ColumnBatch?

  /// Pins a version.
  public init(_ record: VersionRecord, excludedKeys: ColumnBatch? = nil) {
    self.record = record
    self.excludedKeys = excludedKeys
  }
}

/// What a read would take.
public struct ScanEstimate: Hashable, Sendable {
  /// Encoded bytes of the columns that the query reads, in the versions that it cannot skip.
  public var bytes: Int
  /// What the store asks for that, in US dollars.
  public var dollars: Double

  /// Makes an estimate.
  public init(bytes: Int, dollars: Double = 0) {
    self.bytes = bytes
    self.dollars = dollars
  }
}
