internal import ArgumentParser
internal import TokyoData

/// Removes from PostgreSQL the days whose copies are proven equal.
struct Retire: ReportingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove from PostgreSQL the days whose copies are proven equal.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("The first day that stays; default today minus the hot days.", valueName: "day"))
  var before: Day?
  @Flag(help: "Tell which days would be retired, and remove nothing.")
  var dryRun = false

  func report() async throws -> Report {
    let report = try await operation.withETL { etl in
      try await etl.retire(operation.name, before: before, dryRun: dryRun)
    }
    return Report(json: json(of: report), text: text(of: report), problem: problem(in: report))
  }

  private func problem(in report: RetireReport) -> TokyoDataError? {
    let kept = report.days.filter { $0.outcome != .retired && $0.outcome != .planned }
    return kept.first.map { first in
      TokyoDataError(
        code(of: first.outcome),
        "\(kept.count) of \(report.days.count) days stay in hot; the first \(reason(of: first.outcome))",
        context: .init(operation: "retire", dataset: report.dataset, day: first.day))
    }
  }

  private func code(of outcome: RetireReport.Outcome) -> TokyoDataError.Code {
    switch outcome {
    case .neverExported: .notFound
    case .changed: .conflict
    default: .verificationFailed
    }
  }

  private func reason(of outcome: RetireReport.Outcome) -> String {
    switch outcome {
    case .neverExported: "was never exported"
    case .changed: "changed since its export and must be exported anew"
    case .suspect: "differs from its copy and no transaction explains it: see resolve"
    default: "could not be retired"
    }
  }

  private func json(of report: RetireReport) -> JSON {
    [
      "dataset": .string(report.dataset.description), "before": .string(report.before.description),
      "dryRun": .bool(report.isDryRun), "partitionObstacle": .optional(report.partitionObstacle),
      "days": .array(
        report.days.map { day in
          [
            "day": .string(day.day.description), "outcome": .string(day.outcome.rawValue),
            "version": .optional(day.version), "rows": .integer(day.rows),
            "way": .optional(day.way?.word), "partition": .optional(day.way?.partition),
          ]
        }),
    ]
  }

  private func text(of report: RetireReport) -> String {
    var table = TextTable(
      .init(title: "day"), .init(title: "outcome"), .init(title: "way"), .init(title: "version"),
      .init(title: "rows removed", isNumber: true))
    table.rows = report.days.map { day in
      [
        "\(day.day)", day.outcome.rawValue, day.way?.word ?? "", day.version?.description ?? "",
        "\(day.rows)",
      ]
    }
    let suffix = report.isDryRun ? " (dry run)" : ""
    guard !report.days.isEmpty else {
      return "\(report.dataset): no days before \(report.before) to retire\(suffix)"
    }
    return table.text + (suffix.isEmpty ? "" : "\n\n\(report.dataset)\(suffix)")
  }
}
