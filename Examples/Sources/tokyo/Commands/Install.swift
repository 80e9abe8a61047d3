internal import ArgumentParser
internal import TokyoData

/// Makes a table a dataset.
struct Install: ReportingCommand {
  static let configuration = CommandConfiguration(abstract: "Make a table a dataset.")

  @OptionGroup var server: ServerOptions
  @OptionGroup var lake: LakeOptions
  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("The table.", valueName: "[schema.]table"))
  var table: String
  @Option(help: ArgumentHelp("The dataset's name; default the table's.", valueName: "name"))
  var dataset: DatasetName?
  @Option(help: ArgumentHelp("The column whose UTC date is a row's day.", valueName: "column"))
  var timeColumn: String?
  @Option(help: ArgumentHelp("What identifies a row; default the primary key.", valueName: "column,…"))
  var key: NameList?
  @Option(help: ArgumentHelp("How rows lie in files, before the key.", valueName: "column,…"))
  var clusterBy: NameList?
  @Option(help: ArgumentHelp("Days that stay in PostgreSQL; default 90.", valueName: "n"))
  var hotDays: Int?
  @Option(
    help: ArgumentHelp("Partition columns, if the table has year, month or day.", valueName: "y,m,d"))
  var partitionColumns: PartitionColumnsArgument?
  @Option(
    name: .customLong("column"),
    help: ArgumentHelp("A column's type in the lake, such as amount=decimal(12,2).", valueName: "c=type"))
  var columns: [ColumnTypeArgument] = []
  @Option(help: ArgumentHelp("What a write into a retired day does; default overlay."))
  var lateWrites: LateWritePolicy?
  @Flag(help: "Tell what would be installed, and change nothing.")
  var dryRun = false

  func validate() throws {
    if let hotDays, hotDays < 0 { throw ValidationError("--hot-days is 0 or more.") }
    let names = columns.map(\.column)
    guard Set(names).count == names.count else { throw ValidationError("--column names a column twice.") }
  }

  func report() async throws -> Report {
    let proposal = proposal
    return try await server.withStore { store in
      let dataset =
        dryRun ? try await store.propose(proposal) : try await store.install(proposal)
      return Report(json: json(of: dataset), text: text(of: dataset))
    }
  }

  private var proposal: DatasetProposal {
    var policy = DatasetPolicy(clusterBy: clusterBy?.names ?? [])
    if let hotDays { policy.hotDays = hotDays }
    if let lateWrites { policy.lateWrites = lateWrites }
    if let partitionColumns { policy.partitionColumns = partitionColumns.columns }
    let types = columns.map { ($0.column, $0.type) }
    return DatasetProposal(
      table: table, name: dataset, timeColumn: timeColumn, key: key?.names ?? [],
      columnTypes: Dictionary(types) { first, _ in first }, policy: policy)
  }

  private func json(of dataset: Dataset) -> JSON {
    let partitionColumns = dataset.isDated ? dataset.policy.partitionColumns.names : []
    return [
      "dataset": .string(dataset.name.description), "table": .string(table), "dryRun": .bool(dryRun),
      "timeColumn": .optional(dataset.timeColumn), "key": .array(dataset.primaryKey.map(JSON.string)),
      "clusterBy": .array(dataset.policy.clusterBy.map(JSON.string)),
      "hotDays": .integer(dataset.policy.hotDays),
      "partitionColumns": .array(partitionColumns.map(JSON.string)),
      "lateWrites": .string(dataset.policy.lateWrites.rawValue),
      "columns": .array(dataset.schema.fields.map(\.json)),
    ]
  }

  private func text(of dataset: Dataset) -> String {
    var columns = TextTable(.init(title: "column"), .init(title: "type"), .init(title: "nullable"))
    columns.rows = dataset.schema.fields.map { [$0.name, "\($0.type)", $0.isNullable ? "yes" : "no"] }
    let key = dataset.primaryKey.isEmpty ? "no key" : "key \(dataset.primaryKey.joined(separator: ", "))"
    let days = dataset.timeColumn.map { "days of \($0), \(dataset.policy.hotDays) of them hot" } ?? "undated"
    return "\(dataset.name): \(days); \(key)\(dryRun ? " (dry run)" : "")\n\n\(columns.text)"
  }
}

extension ColumnField {
  var json: JSON {
    ["name": .string(name), "type": .string(type.description), "nullable": .bool(isNullable)]
  }
}
