internal import TokyoDataCore

/// How a statement's rows leave by a binary COPY: the command, and how their fields are read.
struct CopyOutPlan: Sendable {
  let command: String
  let schema: ColumnSchema
  let decoders: FieldDecoders

  /// Plans for the columns that the server describes, as the schema that the caller expects, if any.
  ///
  /// A binary COPY does not say of which types its fields are, and a table may be altered between the
  /// description and the COPY. So the command names the type of every column that has a name; what has no
  /// binary form here goes as text.
  ///
  /// - Throws: `PostgresError.unsupportedType` naming the column.
  init(
    _ statement: String, returning columns: [ServerResult.Column], as expected: ColumnSchema?,
    infinities: InfinityPolicy
  ) throws(PostgresError) {
    guard !columns.isEmpty else {
      throw PostgresError(.invalidStatement, "a statement that returns no columns cannot be copied")
    }
    schema = try ResultPlan.schema(of: columns, expecting: expected)
    var decoders = FieldDecoders()
    var fields: [String] = []
    for (index, (column, field)) in zip(columns, schema.fields).enumerated() {
      let type = try Self.add(column.type, as: field, to: &decoders, infinities)
      fields.append("tokyo_\(index)" + (type.map { "::\($0)" } ?? ""))
    }
    self.decoders = decoders
    let names = columns.indices.map { "tokyo_\($0)" }.joined(separator: ", ")
    let list = fields.joined(separator: ", ")
    // The line ends before the parenthesis does, so that a comment at the statement's end ends too.
    let rows =
      Self.changesRows(statement)
      ? "WITH tokyo_rows(\(names)) AS (\(statement)\n) SELECT \(list) FROM tokyo_rows"
      : "SELECT \(list) FROM (\(statement)\n) AS tokyo_rows(\(names))"
    command = "COPY (\(rows)) TO STDOUT (FORMAT binary)"
  }

  /// Adds a column's decoder; the type in SQL as which the column goes, nil to leave it as it is.
  private static func add(
    _ type: PostgresType, as field: ColumnField, to decoders: inout FieldDecoders,
    _ infinities: InfinityPolicy
  ) throws(PostgresError) -> String? {
    if decoders.append(from: type, to: field.type, infinities: infinities) { return type.sqlName }
    switch field.type {
    case .string where decoders.append(from: .text, to: .string, infinities: infinities): return "text"
    case .list(let element) where element.type == .string:
      guard type.isUserDefined || type.element != nil,
        decoders.append(from: .textArray, to: field.type, infinities: infinities)
      else { break }
      return "text[]"
    default: break
    }
    throw ResultPlan.unsupported(type, as: field)
  }

  /// The statement is an INSERT, UPDATE or DELETE, which may stand in WITH but not in FROM.
  private static func changesRows(_ statement: String) -> Bool {
    let word = statement.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
    return ["INSERT", "UPDATE", "DELETE"].contains(word)
  }
}
