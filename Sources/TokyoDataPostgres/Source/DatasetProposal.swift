public import TokyoDataCore

/// What a person may say about a table that becomes a dataset; the table itself says the rest.
public struct DatasetProposal: Sendable {
  /// `table` or `schema.table`.
  public var table: String
  /// The dataset's name; the table's in `public`, `<schema>_<table>` elsewhere.
  public var name: DatasetName?
  /// The column whose UTC date is a row's day; nil for an undated dataset.
  public var timeColumn: String?
  /// The columns that identify a row; the primary key where empty.
  public var key: [String]
  /// Lake types of columns that the table does not settle, such as a numeric without precision.
  public var columnTypes: [String: ColumnType]
  /// How days move.
  public var policy: DatasetPolicy

  /// Proposes a table.
  public init(
    table: String, name: DatasetName? = nil, timeColumn: String? = nil, key: [String] = [],
    columnTypes: [String: ColumnType] = [:], policy: DatasetPolicy = DatasetPolicy()
  ) {
    self.table = table
    self.name = name
    self.timeColumn = timeColumn
    self.key = key
    self.columnTypes = columnTypes
    self.policy = policy
  }
}

extension DatasetProposal {
  /// The dataset that the proposal makes of a table.
  ///
  /// - Throws: `TokyoDataError` naming the column: one that is unknown, one whose type must be said.
  func dataset(of table: TableDescription) throws(TokyoDataError) -> Dataset {
    for named in columnTypes.keys.sorted() + policy.givenUpColumns
    where !table.columns.contains(where: { $0.name == named }) {
      throw TokyoDataError(.unknownColumn, "the table has no such column", context: .init(column: named))
    }
    var fields: [ColumnField] = []
    for column in table.columns where !policy.givenUpColumns.contains(column.name) {
      fields.append(
        ColumnField(column.name, try lakeType(of: column), isNullable: column.isNullable))
    }
    let schema: ColumnSchema
    do throws(ColumnError) { schema = try ColumnSchema(fields) } catch { throw TokyoDataError(error) }
    let name = if let name { name } else { try defaultName(of: table.name) }
    return try Dataset(
      name, schema: schema,
      primaryKey: key.isEmpty ? table.primaryKey : key, timeColumn: timeColumn, policy: policy)
  }

  private func lakeType(of column: TableDescription.Column) throws(TokyoDataError) -> ColumnType {
    if let chosen = columnTypes[column.name] {
      guard FieldDecoder(from: column.type, to: chosen) != nil || chosen == .string else {
        throw TokyoDataError(
          .typeMismatch, "a \(column.typeName) does not become a \(chosen)",
          context: .init(column: column.name))
      }
      return chosen
    }
    // A dataset has no lists, and a time of day is text in the lake unless somebody chooses `time`.
    if column.type == .time || column.type.element != nil { return .string }
    do throws(PostgresError) { return try ColumnType(column.type, modifier: column.modifier) } catch {
      throw TokyoDataError(
        .unsupported,
        "a \(column.typeName) has no lake type of its own: say which, such as decimal(38,9) with an error "
          + "beyond it, or string",
        context: .init(column: column.name), cause: error)
    }
  }

  private func defaultName(of table: QualifiedName) throws(TokyoDataError) -> DatasetName {
    try DatasetName(table.schema == "public" ? table.table : "\(table.schema)_\(table.table)")
  }
}
