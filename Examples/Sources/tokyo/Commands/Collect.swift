internal import ArgumentParser
internal import TokyoData

/// Deletes versions that nobody uses.
struct Collect: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Delete versions that no reader uses any more.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "How long a version must have been unused: 0s, 30m, 12h, 7d; default 7d.", valueName: "duration"))
  var grace: DurationArgument?
  @Flag(help: "Tell which versions would be deleted, and delete nothing.")
  var dryRun = false

  func report() async throws -> Report {
    let report = try await operation.withETL { etl in
      try await etl.collect(operation.name, grace: grace?.duration, dryRun: dryRun)
    }
    let json: JSON = [
      "dataset": .string(report.dataset.description), "dryRun": .bool(report.isDryRun),
      "versions": .array(report.versions.map { .string($0.description) }),
    ]
    let count = "\(report.versions.count) version\(report.versions.count == 1 ? "" : "s")"
    let text = "\(report.dataset): \(count) \(dryRun ? "would be deleted (dry run)" : "deleted")"
    return Report(json: json, text: (report.versions.map(\.description) + [text]).joined(separator: "\n"))
  }
}
