/// How the ETL works: how long it waits, and how much it holds at once.
public struct ETLOptions: Sendable {
  /// How long after its end a day is first exported.
  public var settlingTime: Duration
  /// How long a first export waits for transactions that were writing.
  public var writerWait: Duration
  /// Days that are read in one snapshot and published in one transaction.
  public var daysPerSnapshot: Int
  /// How long a version that nobody names keeps its files; at least the restore window of the hot store.
  public var grace: Duration
  /// Called at every step; the ETL goes on when it returns.
  public var onStep: @Sendable (ExportStep) -> Void
  /// Called with what has been done.
  public var onProgress: @Sendable (ETLProgress) -> Void

  /// Makes options; every one has a default.
  public init(
    settlingTime: Duration = .seconds(3_600), writerWait: Duration = .seconds(30),
    daysPerSnapshot: Int = 366, grace: Duration = .seconds(7 * 86_400),
    onStep: @escaping @Sendable (ExportStep) -> Void = { _ in },
    onProgress: @escaping @Sendable (ETLProgress) -> Void = { _ in }
  ) {
    self.settlingTime = settlingTime
    self.writerWait = writerWait
    self.daysPerSnapshot = daysPerSnapshot
    self.grace = grace
    self.onStep = onStep
    self.onProgress = onProgress
  }
}

/// How far a run has come.
public struct ETLProgress: Hashable, Sendable {
  /// What is being done.
  public var kind: RunKind
  /// The dataset.
  public var dataset: DatasetName
  /// The day that was just finished.
  public var day: Day
  /// Days finished so far.
  public var finished: Int
  /// Days to do in all.
  public var total: Int

  /// Makes a note of progress.
  public init(kind: RunKind, dataset: DatasetName, day: Day, finished: Int, total: Int) {
    self.kind = kind
    self.dataset = dataset
    self.day = day
    self.finished = finished
    self.total = total
  }
}
