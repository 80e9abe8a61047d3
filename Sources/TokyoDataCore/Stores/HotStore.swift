/// The transactional store: it holds the rows of the latest days and the ledger.
///
/// Contract, a case of `HotStoreConformance` for each sentence:
/// - A snapshot sees what was committed before it and nothing that came later.
/// - Coverage, marks and rows of a snapshot are of one instant.
/// - A read gives each row of its ranges once.
/// - A read gives nothing outside its ranges.
/// - A filter keeps only rows for which it is true.
/// - Groups of null keys are kept.
/// - Sums are exact and fail beyond 38 digits.
/// - The rows that entered the answer are counted.
/// - Overlay keys are those of every row that hot holds of the days, whatever the query.
/// - More overlay keys than the limit are an error.
/// - A transaction is seen as a whole or not at all.
/// - A transaction whose body throws changes nothing.
/// - A write to a finished day marks it, once a transaction and day.
/// - A write to today marks nothing.
/// - A row that moves to another day marks both days.
/// - An insert of a taken key is a `conflict`.
/// - An upsert replaces the row of its day and key.
/// - An update replaces the rows of its days and keys, adds none, and tells how many.
/// - An update with a key twice is an `invalidArgument` error.
/// - A delete removes the rows of its days and keys and tells how many.
/// - Deleting a row that replaces a cold one is an error.
/// - A write to a cold day is an error where the dataset rejects late writes.
/// - Updating what is only in cold is a `daysUnavailable` error that names the day.
/// - Deleting what is only in cold is a `daysUnavailable` error that names the day.
/// - The condemned are told among versions.
/// - The ledger is always told by the same id.
public protocol HotStore: Sendable {
  /// A short name for plans and errors, such as `postgres`.
  var name: String { get }

  /// Runs `body` in one read-only snapshot of some datasets.
  ///
  /// The datasets are locked against changes of their tables before the snapshot is taken.
  func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result

  /// Runs `body` in one transaction; what it throws rolls back and is rethrown as it is.
  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result

  /// Those of the versions that are condemned or unknown now, as the primary knows.
  func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID>

  /// Which ledger it is.
  func ledgerID() async throws -> LedgerID
}

/// One read-only view of the hot store: rows and ledger of one instant.
public protocol HotSnapshot: Sendable {
  /// The instant of the view by the store's clock.
  var asOf: Timestamp { get }

  /// The definition of a dataset of the snapshot.
  func dataset(_ name: DatasetName) async throws -> Dataset

  /// Coverage and marks of a dataset in the view.
  func coverage(of dataset: DatasetName) async throws -> Coverage

  /// The key columns of all rows that hot holds of each of the days; days without rows are absent.
  ///
  /// - Throws: `TokyoDataError.unsupported` beyond `limit` rows in all: they must be merged first.
  func overlayKeys(
    of dataset: DatasetName, days: [Day], limit: Int
  ) async throws -> [Day: ColumnBatch]

  /// Reads the part of a query that lies in the ranges: batches of `query.partialSchema`.
  ///
  /// The ranges do not touch; for an undated dataset they are `[.unbounded]`. The query's own time range
  /// holds too.
  func read(
    _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics
}

/// Writes of one transaction.
///
/// Rows come as batches with the dataset's columns in its order.
public protocol HotTransaction: Sendable {
  /// Adds rows.
  ///
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws

  /// Adds the rows of batches of one schema as they come, until `next` gives none.
  ///
  /// Unless a store knows better, each is added by the other `insert`.
  ///
  /// - Returns: how many rows were added.
  /// - Throws: as the other, and what `next` throws.
  @discardableResult
  func insert(into dataset: DatasetName, _ next: () async throws -> ColumnBatch?) async throws -> Int

  /// Adds rows, or replaces those of the same primary key.
  func upsert(_ rows: ColumnBatch, into dataset: DatasetName) async throws

  /// Replaces the rows with the primary keys of these rows, whose time tells their day.
  ///
  /// - Returns: how many rows were replaced; the others are not there, and none is added.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold;
  ///   `.invalidArgument` where two of the rows have one key.
  @discardableResult
  func update(_ rows: ColumnBatch, in dataset: DatasetName) async throws -> Int

  /// Deletes the rows with the primary keys of these rows, whose time tells their day.
  ///
  /// - Returns: how many rows were deleted.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold.
  @discardableResult
  func delete(_ rows: ColumnBatch, from dataset: DatasetName) async throws -> Int
}

/// What a read took.
public struct ReadStatistics: Hashable, Sendable {
  /// Rows that entered the answer: within the ranges, not replaced, for which the filter was true.
  public var rows: Int
  /// Bytes read from the lake; 0 for hot.
  public var bytes: Int
  /// What the store charges for the read, in US dollars; 0 where it charges nothing.
  public var dollars: Double
  /// Some of it is a result that the store had kept, such as Athena's result reuse.
  public var isReused: Bool

  /// Makes statistics.
  public init(rows: Int = 0, bytes: Int = 0, dollars: Double = 0, isReused: Bool = false) {
    self.rows = rows
    self.bytes = bytes
    self.dollars = dollars
    self.isReused = isReused
  }

  /// Adds those of another read.
  public static func += (left: inout ReadStatistics, right: ReadStatistics) {
    left.rows += right.rows
    left.bytes += right.bytes
    left.dollars += right.dollars
    left.isReused = left.isReused || right.isReused
  }
}
