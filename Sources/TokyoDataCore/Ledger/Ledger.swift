/// Coverage, versions, marks and runs of datasets, kept in the hot store: the only authority on where rows are.
///
/// Contract, a case of `LedgerConformance` for each sentence:
/// - An installed dataset reads back as it was defined.
/// - Installing the same definition again changes nothing.
/// - An unknown dataset is an `unknownDataset` error.
/// - A day that was never published is hot.
/// - A publish makes its versions current and its days both, together.
/// - A publish whose base is no longer so is a `conflict` and changes nothing, not even its other days.
/// - A publish deletes the marks it names and keeps those that came later.
/// - A publish without version keeps the day's version and deletes its marks.
/// - Every publish changes the epoch.
/// - The version that a publish replaces is unused from then on.
/// - A condemned version cannot be published.
/// - A current version is never condemned.
/// - Versions are condemned only after the grace.
/// - A run spares the versions that it recorded itself.
/// - A condemned version is given until it is noted as collected.
/// - A verification is noted with its instant.
/// - A suspect day is neither published nor retired.
/// - A resolved day is hot without version, or cold with its own, as the side was kept.
/// - Two runs of one dataset exclude each other.
public protocol Ledger: Sendable {
  /// Records a dataset and makes the store note which finished days its transactions change.
  func install(_ dataset: Dataset) async throws

  /// The datasets, by name.
  func datasets() async throws -> [DatasetName]

  /// The definition of a dataset.
  ///
  /// - Throws: `TokyoDataError.unknownDataset`.
  func dataset(_ name: DatasetName) async throws -> Dataset

  /// What the ledger says of a dataset now.
  func coverage(of dataset: DatasetName) async throws -> Coverage

  /// All versions of a dataset, condemned ones included, by id.
  func versions(of dataset: DatasetName) async throws -> [VersionRecord]

  /// Runs `body` as the dataset's only run; the run's changes go through the handle.
  ///
  /// - Throws: `TokyoDataError.busy` while another run is under way; what `body` throws.
  func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result
}

/// A run under way: whatever changes the ledger goes through it, and fails once the run's lock is lost.
public protocol LedgerRun: Sendable {
  /// The run's number in the ledger.
  var id: RunID { get }
  /// The definition of the dataset as of the run's begin.
  var dataset: Dataset { get }

  /// Records a version before its first byte is written.
  func record(_ version: VersionRecord) async throws

  /// Publishes all the days in one transaction, with a new epoch.
  ///
  /// - Throws: `TokyoDataError.conflict` where a day's state, version or a version's own state is not what
  ///   the export began from; nothing has changed then.
  func publish(_ days: [DayPublication]) async throws

  /// Notes that a version was verified at an instant.
  func noteVerified(_ version: VersionID, at instant: Timestamp) async throws

  /// Declares a both day suspect.
  func declareSuspect(_ day: Day) async throws

  /// Settles a suspect day.
  ///
  /// - Throws: `TokyoDataError.conflict` where the day is not suspect.
  func resolve(_ day: Day, keeping side: SuspectResolution) async throws

  /// Condemns versions that are unused, or ready and never published, for at least `grace`, by the ledger's
  /// clock, and commits; gives all condemned versions whose files are not collected yet.
  ///
  /// Versions that this run itself recorded are spared.
  func condemn(grace: Duration) async throws -> [VersionRecord]

  /// Notes that a condemned version's files are gone.
  func noteCollected(_ version: VersionID) async throws
}
