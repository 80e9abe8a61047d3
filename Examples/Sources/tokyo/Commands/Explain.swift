internal import ArgumentParser
internal import TokyoData

/// Shows where a query's answer would come from.
struct Explain: ReportingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show which tier would serve each day of a query, why, and what it would cost.")

  @OptionGroup var options: QueryOptions
  @OptionGroup var output: OutputOptions

  func report() async throws -> Report {
    let query = try options.read()
    let plan = try await options.withRouter { router in try await router.explain(query) }
    let json: JSON = [
      "dataset": .string(plan.dataset.description), "kind": .string(plan.kind.rawValue),
      "days": plan.daysJSON, "asOf": .string(plan.asOf.description),
      "cost": [
        "scannedBytes": .integer(plan.estimate.bytes),
        "dollars": ColumnValue.double(plan.estimate.dollars).json,
      ],
      "partial": .bool(plan.isPartial),
    ]
    return Report(json: json, text: plan.description)
  }
}
