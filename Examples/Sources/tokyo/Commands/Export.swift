internal import ArgumentParser
internal import TokyoData

/// Copies finished days to the lake and publishes them.
struct Export: ReportingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy finished days to the lake: new and changed ones, unless said otherwise.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var days: DayRangeOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Compare all finished days that PostgreSQL holds with their copies.")
  var full = false
  @Flag(help: "Tell which days would be copied, and write nothing.")
  var dryRun = false

  func validate() throws {
    guard !full || days.range == nil else { throw ValidationError("Give either --full or a range of days.") }
  }

  func report() async throws -> Report {
    let mode: ExportMode = full ? .full : days.range.map(ExportMode.range) ?? .incremental
    let report = try await operation.withETL { etl in
      try await etl.export(operation.name, mode, dryRun: dryRun)
    }
    for day in report.days {
      if case .putOff(let writers) = day.outcome {
        Console.note("\(day.day) is put off: transactions are open in processes \(writers)")
      }
    }
    return Report(json: report.json, text: report.text, problem: problem(in: report))
  }

  private func problem(in report: ExportReport) -> TokyoDataError? {
    let suspects = report.days.filter { $0.outcome == .suspect }
    return suspects.first.map { first in
      TokyoDataError(
        .verificationFailed,
        "\(suspects.count) day(s) differ from their copies and no transaction explains it: see resolve",
        context: .init(operation: "export", dataset: report.dataset, day: first.day))
    }
  }
}

extension ExportReport {
  fileprivate var json: JSON {
    [
      "dataset": .string(dataset.description), "dryRun": .bool(isDryRun), "rows": .integer(rows),
      "days": .array(days.map(\.json)), "collected": .array(collected.map { .string($0.description) }),
    ]
  }

  fileprivate var text: String {
    var table = TextTable(
      .init(title: "day"), .init(title: "outcome"), .init(title: "version"),
      .init(title: "rows", isNumber: true), .init(title: "bytes", isNumber: true))
    table.rows = days.map { day in
      [
        "\(day.day)", day.outcome.word, day.version?.description ?? "", day.rows.map { "\($0)" } ?? "",
        day.bytes.map { "\($0)" } ?? "",
      ]
    }
    let summary = "\(dataset): \(days.count) days, \(rows) rows\(isDryRun ? " (dry run)" : "")"
    let gone = collected.isEmpty ? "" : "; \(collected.count) unused versions collected"
    return days.isEmpty ? "\(dataset): nothing to export\(gone)" : "\(table.text)\n\n\(summary)\(gone)"
  }
}

extension DayReport {
  fileprivate var json: JSON {
    let json: JSON = [
      "day": .string(day.description), "outcome": .string(outcome.word), "version": .optional(version),
      "rows": rows.map(JSON.integer) ?? .null, "bytes": bytes.map(JSON.integer) ?? .null,
    ]
    guard case .putOff(let writers) = outcome else { return json }
    return json.adding(["openWriters": .array(writers.map(JSON.integer))])
  }
}
