internal import ArgumentParser
internal import TokyoData

/// Commands on what engines find of a dataset.
struct Catalog: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check, mend or remove what a lake's catalog says of a dataset.",
    subcommands: [CatalogCheck.self, CatalogRepair.self, CatalogDrop.self])
}

/// Compares a catalog with ledger and lake.
struct CatalogCheck: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Compare tables and partitions with the ledger and the lake's files.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var output: OutputOptions

  func report() async throws -> Report {
    try await operation.withETL { etl in try await etl.checkCatalog(of: operation.name) }.told(as: "check")
  }
}

/// Mends a catalog.
struct CatalogRepair: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Add what the catalog lacks and correct what is ours in it; the lake's files stay as they are.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Tell what is to be mended, and change nothing.")
  var dryRun = false

  func report() async throws -> Report {
    try await operation.withETL { etl in
      if dryRun {
        let report = try await etl.checkCatalog(of: operation.name)
        return report.told(as: "repair", left: report.left.filter { !$0.isRepairable }, isDryRun: true)
      }
      return try await etl.repairCatalog(of: operation.name).told(as: "repair", isDryRun: false)
    }
  }
}

/// Removes a dataset from a catalog.
struct CatalogDrop: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Remove a dataset's tables from the catalog; the lake's files stay, and repair brings it back.")

  @OptionGroup var operation: OperationOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Tell what would be removed, and remove nothing.")
  var dryRun = false

  func report() async throws -> Report {
    if !dryRun { try await operation.withETL { etl in try await etl.dropCatalog(of: operation.name) } }
    return Report(
      json: ["dataset": .string(operation.name.description), "dryRun": .bool(dryRun)],
      text: "\(operation.name): \(dryRun ? "would be dropped (dry run)" : "dropped") from the catalog")
  }
}

extension CatalogReport {
  /// - Parameter left: What is wrong in the end; the report's own unless given.
  fileprivate func told(
    as operation: String, left: [CatalogFinding]? = nil, isDryRun: Bool? = nil
  ) -> Report {
    let left = left ?? self.left
    var json: JSON = [
      "dataset": .string(dataset.description), "found": .array(found.map(\.json)),
      "left": .array(left.map(\.json)),
    ]
    if let isDryRun { json = json.adding(["dryRun": .bool(isDryRun)]) }
    var table = TextTable(
      .init(title: "finding"), .init(title: "table"), .init(title: "day"), .init(title: "version"),
      .init(title: "mended by"), .init(title: "what"))
    table.rows = found.map { finding in
      [
        finding.kind.rawValue, finding.table ?? "", finding.day?.description ?? "",
        finding.version?.description ?? "", finding.isRepairable ? "repair" : "", finding.message,
      ]
    }
    let summary =
      "\(dataset): \(found.count) found, \(left.count) left\(isDryRun == true ? " (dry run)" : "")"
    let text = found.isEmpty ? "\(dataset): the catalog is as it should be" : "\(table.text)\n\n\(summary)"
    let problem = left.first.map { first in
      TokyoDataError(
        .verificationFailed, "the catalog has \(left.count) difference(s); the first: \(first)",
        context: .init(operation: "catalog \(operation)", dataset: dataset, day: first.day))
    }
    return Report(json: json, text: text, problem: problem)
  }
}

extension CatalogFinding {
  fileprivate var json: JSON {
    [
      "finding": .string(kind.rawValue), "table": .optional(table), "day": .optional(day),
      "version": .optional(version), "repairable": .bool(isRepairable), "message": .string(message),
    ]
  }
}
