/// The hot store as the ETL sees it: days to copy, and days to remove once they are proven.
///
/// Contract, a case of `ExportSourceConformance` for each sentence:
/// - An export snapshot reads the rows committed before it and nothing that came later.
/// - A day's rows come in the dataset's row order.
/// - A day's rows are those whose time lies in the day, to the microsecond.
/// - Finished days are listed with their number of rows.
/// - Marks are those of transactions that committed before the snapshot.
/// - An undated dataset is read as a whole.
/// - Writers that were open are waited for, and named when they stay.
/// - A retirement removes exactly the rows it hashed and makes the day cold.
/// - A retirement of other rows than the version's removes nothing.
/// - A retirement of a day that is not both, or of another version, is a `conflict`.
/// - A row that comes while a day retires stays in hot.
/// - A retirement leaves no mark behind that it explains.
public protocol ExportSource: Sendable {
  /// Runs `body` in one snapshot for export of a dataset, which is locked against changes of its table.
  func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result

  /// Waits until every transaction that now holds a write lock on the dataset's table has ended, at most
  /// so long.
  ///
  /// - Returns: the writers that are still open at the end of the wait.
  func waitForWriters(of dataset: DatasetName, atMost limit: Duration) async throws -> [OpenWriter]

  /// Removes a day's rows in one transaction if they hash as `expected`, and makes the day cold.
  ///
  /// - Throws: `TokyoDataError.conflict` unless the day is both with this version.
  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome

  /// The partitions whose days can leave hot together, oldest first, of days before a limit.
  ///
  /// Only the first of them can go at any time. A store without partitions has none, as the default says, and
  /// every day then retires by itself.
  func retirablePartitions(of dataset: DatasetName, before limit: Day) async throws -> RetirablePartitions

  /// Takes a partition out of hot and makes its days cold in one transaction, then proves that it held
  /// exactly the rows of these versions, and deletes it.
  ///
  /// Days without version must hold no rows. Where the partition held anything else, its rows are kept beside
  /// the table and the days that differ are suspect until they are resolved. A retirement that is killed is
  /// finished by the dataset's next run. Only stores that list retirable partitions need this.
  ///
  /// - Throws: `TokyoDataError.conflict` unless the days are both with these versions and the partition is
  ///   the oldest; `.busy` where readers or writers keep it locked.
  func retire(
    _ partition: RetirablePartition, of dataset: DatasetName, versions: [VersionRecord],
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> PartitionRetireOutcome
}

extension ExportSource {
  /// None: every day retires by itself.
  public func retirablePartitions(
    of dataset: DatasetName, before limit: Day
  ) async throws -> RetirablePartitions {
    RetirablePartitions(partitions: [], obstacle: nil)
  }

  /// Refused, as there are no partitions.
  public func retire(
    _ partition: RetirablePartition, of dataset: DatasetName, versions: [VersionRecord],
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> PartitionRetireOutcome {
    throw TokyoDataError(.unsupported, "the store has no partitions", context: .init(dataset: dataset))
  }
}

/// Where a retirement stands; tests stop it there.
@nonexhaustive
public enum RetireStep: Hashable, Sendable {
  /// A day's rows are removed and hashed, the transaction is open.
  case beforeCommit
  /// A partition is detached and its days are cold, the transaction is open.
  case beforeDetachCommit
  /// A partition is detached and its days are cold for everybody, nothing is hashed.
  case detached
  /// A detached partition is proven, the transaction that drops it is open.
  case beforeDrop
}

/// One view of the hot store for export.
public protocol ExportSnapshot: Sendable {
  /// The snapshot's name in the store, for the manifest.
  var id: String { get }
  /// The instant of the view by the store's clock.
  var asOf: Timestamp { get }
  /// The definition of the dataset.
  var dataset: Dataset { get }

  /// Coverage of the dataset in the view.
  func coverage() async throws -> Coverage

  /// The marks visible in the view, by day and transaction.
  func marks() async throws -> [Mark]

  /// How many rows hot holds of each day before the day of `asOf`.
  func finishedDays() async throws -> [Day: Int]

  /// Reads a day's rows in the dataset's row order: batches of the dataset's schema.
  func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws

  /// Reads all rows of an undated dataset in its row order.
  func readAll(_ consume: (ColumnBatch) async throws -> Void) async throws
}
