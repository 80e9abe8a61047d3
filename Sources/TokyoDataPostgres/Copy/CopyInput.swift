internal import TokyoDataCore

/// A COPY FROM STDIN under way: whose it is, and how its rows are written.
struct CopyInput {
  let hold: PostgresHold
  let limits: CallLimits
  let schema: ColumnSchema
  let encoders: [FieldEncoder]
}

/// The command of a COPY FROM STDIN, and the statement that describes the columns it goes into.
struct CopyInCommand {
  let schema: ColumnSchema
  let description: String
  let sql: String

  init(_ schema: ColumnSchema, into table: PostgresStatement) throws(PostgresError) {
    let names = schema.fields.map { field -> PostgresStatement in "\(identifier: field.name)" }
    let columns = PostgresStatement.joining(names, separator: ", ")
    self.schema = schema
    description = try ("SELECT \(columns) FROM \(table)" as PostgresStatement).rendered().sql
    sql = try ("COPY \(table) (\(columns)) FROM STDIN (FORMAT binary)" as PostgresStatement).rendered().sql
  }
}
