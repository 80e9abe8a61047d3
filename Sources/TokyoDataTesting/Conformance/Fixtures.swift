/// A hot store as the ETL and the router need it: rows, ledger and export in one.
public typealias CompleteHotStore = HotStore & Ledger & ExportSource

/// What the cases of `HotStoreConformance`, `LedgerConformance` and `ExportSourceConformance` need.
///
/// Every case gets a fixture of its own, in which nothing is installed. The store must allow a snapshot, a
/// transaction, a run and an export snapshot at once, each opened within another: a pool needs four
/// connections. The cases never move the clock; they write days relative to `today`.
public protocol HotStoreFixture: Sendable {
  /// The store.
  var store: any CompleteHotStore { get }

  /// Creates what an application would have: an empty table with the dataset's columns and primary key;
  /// then installs the dataset.
  func install(_ dataset: Dataset) async throws

  /// The UTC date by the store's clock.
  func today() async throws -> Day
}

/// What the cases of `ColdStoreConformance` need.
///
/// Every case gets a fixture of its own.
public protocol ColdStoreFixture: Sendable {
  /// The store.
  var store: any ColdStore { get }

  /// Writes rows, all of the day, as a new version of it.
  ///
  /// The dataset is the one as of the writing; the query may know a later one with more columns.
  ///
  /// - Returns: the record as the ledger would hold it, with location, sizes and summary.
  func write(_ rows: ColumnBatch, as day: Day, of dataset: Dataset) async throws -> VersionRecord
}

/// What the cases of `CacheConformance` need.
///
/// Every case gets a fixture of its own, whose cache is empty and has room for some megabytes.
public protocol CacheFixture: Sendable {
  /// The cache.
  var cache: any Cache { get }

  /// Lets so much time pass by the clock that the cache measures lives with: a server's really passes.
  func pass(_ time: Duration) async throws
}
