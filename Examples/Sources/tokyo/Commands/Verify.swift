internal import ArgumentParser
internal import TokyoData

/// Reads copies again and compares them with manifests, catalog and ledger.
struct Verify: ReportingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read copies again and compare them with manifests, catalog and ledger.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var days: DayRangeOptions
  @OptionGroup var output: OutputOptions

  func report() async throws -> Report {
    let report = try await operation.withETL { etl in
      try await etl.verify(operation.name, days: days.range)
    }
    return Report(json: json(of: report), text: text(of: report), problem: problem(in: report))
  }

  private func problem(in report: VerifyReport) -> TokyoDataError? {
    let different = report.days.filter { $0.difference != nil }
    return different.first.map { first in
      TokyoDataError(
        .verificationFailed,
        "\(different.count) of \(report.days.count) copies are not what they should be; the first: "
          + (first.difference ?? ""),
        context: .init(store: "lake", operation: "verify", dataset: report.dataset, day: first.day))
    }
  }

  private func json(of report: VerifyReport) -> JSON {
    [
      "dataset": .string(report.dataset.description), "clean": .bool(report.isClean),
      "days": .array(
        report.days.map { day in
          [
            "day": .string(day.day.description), "version": .string(day.version.description),
            "rows": .integer(day.rows), "difference": .optional(day.difference),
          ]
        }),
    ]
  }

  private func text(of report: VerifyReport) -> String {
    var table = TextTable(
      .init(title: "day"), .init(title: "version"), .init(title: "rows", isNumber: true),
      .init(title: "finding"))
    table.rows = report.days.map { day in
      ["\(day.day)", "\(day.version)", "\(day.rows)", day.difference ?? "equal"]
    }
    guard !report.days.isEmpty else { return "\(report.dataset): no copies to verify" }
    return table.text
  }
}
