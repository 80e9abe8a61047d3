internal import ArgumentParser
internal import TokyoData

/// Settles a suspect day.
struct Resolve: ReportingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Settle a suspect day: declare PostgreSQL or the copy right.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The suspect day.")
  var day: Day
  @Option(help: "hot: the copy is dropped and the day exported anew; copy: the day is cold.")
  var keep: SuspectResolution
  @Flag(help: "Check that the day can be settled, and change nothing.")
  var dryRun = false

  func report() async throws -> Report {
    try await operation.withETL { etl in
      if dryRun {
        guard try await etl.ledger.coverage(of: operation.name).state(of: day) == .suspect else {
          throw TokyoDataError(
            .conflict, "the day is not suspect",
            context: .init(operation: "resolve", dataset: operation.name, day: day))
        }
      } else {
        try await etl.resolve(operation.name, day: day, keeping: keep)
      }
    }
    let json: JSON = [
      "dataset": .string(operation.name.description), "day": .string(day.description),
      "keep": .string(keep.rawValue), "dryRun": .bool(dryRun),
    ]
    let text = "\(operation.name): \(day) \(dryRun ? "would keep" : "keeps") \(keep.rawValue)"
    return Report(json: json, text: text)
  }
}
