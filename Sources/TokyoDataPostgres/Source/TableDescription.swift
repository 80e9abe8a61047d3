internal import TokyoDataCore

/// What the server says of a table: its columns, its primary key and who may do what.
struct TableDescription: Sendable {
  struct Column: Sendable {
    var name: String
    var type: PostgresType
    var modifier: Int32
    var typeName: String
    var isNullable: Bool
  }

  var name: QualifiedName
  var oid: UInt32
  var columns: [Column]
  var primaryKey: [String]

  /// Asks the server.
  ///
  /// - Throws: `TokyoDataError.notFound` where there is no such table, or it is neither a table nor
  ///   partitioned.
  init(_ name: QualifiedName, in session: some PostgresSession) async throws {
    let table = try await session.query(
      """
      SELECT c.oid::int8 AS oid, c.relkind::text AS kind FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = \(name.schema) AND c.relname = \(name.table)
      """)
    guard table.rowCount == 1, case .int(let oid) = table.columns[0][0],
      case .string(let kind) = table.columns[1][0], kind == "r" || kind == "p"
    else { throw TokyoDataError(.notFound, "there is no table \(name.text)") }
    self.name = name
    self.oid = UInt32(truncatingIfNeeded: oid)
    columns = try await Self.columns(of: oid, in: session)
    let key = try await session.query(
      """
      SELECT a.attname::text AS name FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = \(oid)::oid AND i.indisprimary ORDER BY k.place
      """)
    primaryKey = key.texts(0)
  }

  private static func columns(of oid: Int64, in session: some PostgresSession) async throws -> [Column] {
    let rows = try await session.query(
      """
      SELECT a.attname::text AS name, coalesce(nullif(t.typbasetype, 0), t.oid)::int8 AS type,
        (CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END)::int8 AS modifier,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name, NOT a.attnotnull AS nullable
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = \(oid)::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
      """)
    return (0..<rows.rowCount).map { row in
      Column(
        name: rows.columns[0].text(row),
        type: PostgresType(oid: UInt32(truncatingIfNeeded: rows.columns[1].integer(row))),
        modifier: Int32(truncatingIfNeeded: rows.columns[2].integer(row)),
        typeName: rows.columns[3].text(row), isNullable: rows.columns[4][row] == .bool(true))
    }
  }

  /// The table as the source of a dataset.
  ///
  /// - Throws: `TokyoDataError.unknownColumn` where the dataset has a column that the table lacks.
  func source(of dataset: Dataset) throws(TokyoDataError) -> SourceTable {
    var mapped: [SourceColumn] = []
    for field in dataset.schema.fields {
      guard let column = columns.first(where: { $0.name == field.name }) else {
        throw TokyoDataError(
          .unknownColumn, "the table no longer has a column of the dataset",
          context: .init(dataset: dataset.name, column: field.name))
      }
      mapped.append(SourceColumn(field: field, type: column.type, typeName: column.typeName))
    }
    let names = Set(dataset.schema.fields.map(\.name))
    return SourceTable(
      name: name, oid: oid, columns: mapped,
      otherColumns: columns.map(\.name).filter { !names.contains($0) })
  }
}

extension ColumnVector {
  /// The text in a slot that is known to hold one.
  func text(_ index: Int) -> String {
    if case .string(let text) = self[index] { text } else { "" }
  }

  /// The integer in a slot that is known to hold one.
  func integer(_ index: Int) -> Int64 {
    if case .int(let integer) = self[index] { integer } else { 0 }
  }
}

extension ColumnBatch {
  /// The texts of a column that is known to hold some.
  func texts(_ column: Int) -> [String] { (0..<rowCount).map { columns[column].text($0) } }
}
