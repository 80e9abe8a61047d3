public import TokyoDataLake

/// Copies finished days from hot to the lake, proves them, retires them from hot, and collects what is left.
///
/// Every operation can be killed at any point and run again: see ``ExportStep`` for the moments, and
/// `Documentation/Exporting.md` for what each leaves behind.
public struct ETL: Sendable {
  /// The ledger that all operations obey.
  public let ledger: any Ledger
  /// The store that rows come from, and leave.
  public let source: any ExportSource
  /// Where copies go.
  public let lake: Lake
  /// Waits, bounds and hooks.
  public let options: ETLOptions

  /// Makes an ETL between a hot store, which is ledger and source in one, and a lake.
  public init(from store: some Ledger & ExportSource, to lake: Lake, options: ETLOptions = ETLOptions()) {
    ledger = store
    source = store
    self.lake = lake
    self.options = options
  }

  /// Tells progress after one of a run's days.
  func report(_ kind: RunKind, _ dataset: DatasetName, _ day: Day, _ finished: Int, of total: Int) {
    options.onProgress(
      ETLProgress(kind: kind, dataset: dataset, day: day, finished: finished, total: total))
  }
}

/// The dates and states that an operation names are those of `dataset` and `operation`.
func within<Result>(
  _ operation: String, of dataset: DatasetName, day: Day? = nil, _ body: () async throws -> Result
) async throws -> Result {
  do { return try await body() } catch let error as TokyoDataError {
    throw error.adding(.init(operation: operation, dataset: dataset, day: day))
  }
}
