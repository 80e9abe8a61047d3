public import TokyoDataCore

/// Writes one version: its files through the object store with bounded memory, its manifest last.
///
/// One task uses it. Give it the rows in the dataset's row order, then call `finish()`; after an error, or to
/// give up, call `abort()`.
public final class VersionWriter {
  public init(
    _ record: VersionRecord, of dataset: Dataset, to lake: Lake, run: RunID? = nil,
    options: VersionWriterOptions = VersionWriterOptions(),
    step: @escaping @Sendable (VersionWriteStep) async throws -> Void = { _ in }
  ) throws {
    throw TokyoDataError(.unsupported, "arrives with Parquet")
  }
  public func write(_ batch: ColumnBatch) async throws {}
  public func finish() async throws -> VersionRecord { throw TokyoDataError(.unsupported, "soon") }
  public func abort() async {}
}

public struct VersionChecker: Sendable {
  public init(_ lake: Lake, _ dataset: Dataset) {}
  /// Every difference between a version's record, manifest and files.
  public func findings(of record: VersionRecord) async throws -> [VersionFinding] { [] }
  /// Throws `verificationFailed` that names the first difference.
  public func check(_ record: VersionRecord) async throws {}
  /// check, and the catalog has the version's partition as the record says.
  public func verify(_ record: VersionRecord) async throws {}
}

public struct VersionFinding: Hashable, Sendable {
  public var file: String?
  public var column: String?
  public var message: String
}

public struct LakeColdStore: ColdStore {
  public var name: String { "lake" }
  public init(_ lake: Lake, width: Int = 4) {}
  public func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics { throw TokyoDataError(.unsupported, "soon") }
  public func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    ScanEstimate(bytes: 0)
  }
}

extension Lake {
  /// A lake in a folder of this machine: `LocalObjectStore` and `LocalTableCatalog`.
  public static func local(folder: String) throws -> Lake { throw TokyoDataError(.unsupported, "soon") }
  /// A new version's record, to be recorded in the ledger before its first byte.
  public func newVersion(
    of dataset: Dataset, day: Day, id: VersionID, snapshot: String, exportedAt: Timestamp
  ) -> VersionRecord {
    VersionRecord(
      id: id, day: day, location: layout.location(of: id, day: day, in: dataset),
      schemaFingerprint: dataset.schemaFingerprint, snapshot: snapshot, exportedAt: exportedAt)
  }
  /// The manifest of a version. Throws notFound naming the version.
  public func manifest(of record: VersionRecord, dataset: DatasetName) async throws -> Manifest {
    throw TokyoDataError(.unsupported, "soon")
  }
  /// Deletes a condemned version: partition, manifest, files. May be repeated.
  public func delete(_ record: VersionRecord, of dataset: Dataset) async throws {}
  /// Objects under the dataset's prefix that no uncollected version of these (nor the catalog) owns.
  public func unreferencedObjects(
    of dataset: DatasetName, versions: [VersionRecord]
  ) async throws -> [StoredObject] { [] }
}
