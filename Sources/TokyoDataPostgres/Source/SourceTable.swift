internal import TokyoDataCore

/// A dataset's table as the server describes it, and how its columns become lake columns.
struct SourceTable: Sendable {
  /// Schema and table.
  var name: QualifiedName
  var oid: UInt32
  /// The columns of the dataset, in its order.
  var columns: [SourceColumn]
  /// Columns of the table that the dataset does not have.
  var otherColumns: [String]

  /// The expression that gives a column of the dataset in its lake type.
  func expression(_ column: String) throws(TokyoDataError) -> PostgresStatement {
    guard let found = columns.first(where: { $0.field.name == column }) else {
      throw TokyoDataError(.unknownColumn, "the table has no such column", context: .init(column: column))
    }
    return found.expression
  }

  /// The types that the expressions of all columns have on the server.
  var sources: [PostgresType] { columns.map(\.lakeSource) }

  /// All columns of the dataset as a select list.
  var selectList: PostgresStatement { .joining(columns.map(\.expression), separator: ", ") }
}

/// A column of a table, and what it becomes.
struct SourceColumn: Hashable, Sendable {
  var field: ColumnField
  /// Its own type on the server.
  var type: PostgresType
  /// Its own type in SQL without modifier, such as `numeric`.
  var plainTypeName: String
  /// Its collation takes texts of different bytes for equal.
  var isLooselyCollated: Bool

  /// The column in its lake type: as it is where its binary form can be read, else as text.
  var expression: PostgresStatement {
    let name: PostgresStatement = "\(identifier: field.name)"
    let value: PostgresStatement = needsCast ? "\(name)::text" : name
    return isLooselyCollated ? "(\(value) COLLATE \"C\")" : value
  }

  /// The type that `expression` has.
  var lakeSource: PostgresType { needsCast ? .text : type }

  /// Texts of another type than text, such as enums, uuids and addresses, go as the text they print;
  /// `char(n)` too, whose padding means nothing.
  private var needsCast: Bool {
    field.type == .string && type != .text && type != .varchar && type != .name
  }
}

/// A table's name with its schema.
struct QualifiedName: Hashable, Sendable {
  var schema: String
  var table: String

  /// The name in SQL.
  var sql: PostgresStatement { "\(identifier: schema, table)" }

  /// The name as the ledger keeps it and people write it; a part with a point or quote stands in quotes.
  var text: String { "\(Self.written(schema)).\(Self.written(table))" }

  init(schema: String, table: String) {
    self.schema = schema
    self.table = table
  }

  /// Reads `table` or `schema.table`, parts in double quotes or not; the schema is `public` unless said
  /// otherwise.
  ///
  /// Names are taken as they stand, never folded.
  init(_ text: String) throws(TokyoDataError) {
    var parts: [String] = [""]
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\"" where isQuoted && scalars.first == "\"":
        scalars.removeFirst()
        parts[parts.count - 1].unicodeScalars.append("\"")
      case "\"": isQuoted.toggle()
      case "." where !isQuoted: parts.append("")
      default: parts[parts.count - 1].unicodeScalars.append(scalar)
      }
    }
    guard !isQuoted, (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      throw TokyoDataError(.invalidArgument, "a table is named table or schema.table")
    }
    self.init(schema: parts.count == 2 ? parts[0] : "public", table: parts[parts.count - 1])
  }

  private static func written(_ part: String) -> String {
    part.unicodeScalars.contains { $0 == "." || $0 == "\"" }
      ? PostgresStatement.quoted(identifier: part) : part
  }
}
