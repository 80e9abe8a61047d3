internal import TokyoDataCore

/// What the server says of a table: its columns and its primary key.
struct TableDescription: Sendable {
  struct Column: Sendable {
    var name: String
    /// The type, below any domain.
    var type: PostgresType
    var modifier: Int32
    /// The type in SQL with its modifier, such as `numeric(12,2)`.
    var typeName: String
    /// The same without modifier, so that a cast neither cuts nor rounds.
    var plainTypeName: String
    var isNullable: Bool
    /// Equal texts may differ in their bytes.
    var isLooselyCollated: Bool
  }

  var name: QualifiedName
  var oid: UInt32
  var columns: [Column] = []
  var primaryKey: [String] = []

  /// Asks the server.
  ///
  /// - Throws: `TokyoDataError.notFound` where there is no such table, or it is neither a table nor
  ///   partitioned.
  init(_ name: QualifiedName, in session: some PostgresSession) async throws {
    // Long to plan and asked by every query: a session keeps it prepared. The plan is kept as well where it costs the
    // same for any table, so one table is asked for, by its name: of an array the server guesses the length.
    let rows = try await session.query(
      """
      SELECT c.oid::int8 AS oid, a.attname::text AS name,
        coalesce(nullif(t.typbasetype, 0), t.oid)::int8 AS type,
        (CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END)::int8 AS modifier,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
        pg_catalog.format_type(a.atttypid, -1) AS plain_type_name, NOT a.attnotnull AS nullable,
        coalesce(NOT co.collisdeterministic, false) AS loose,
        array_position(i.indkey::int2[], a.attnum)::int8 AS key_place
      FROM pg_catalog.pg_namespace n
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
      LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
      WHERE n.nspname = \(name.schema) AND c.relname = \(name.table)
      ORDER BY a.attnum
      """)
    guard rows.rowCount > 0 else { throw TokyoDataError(.notFound, "there is no table \(name.text)") }
    self.name = name
    oid = UInt32(truncatingIfNeeded: rows.columns[0].integer(0))
    var key: [(place: Int64, name: String)] = []
    for index in 0..<rows.rowCount {
      let row = Row(batch: rows, index: index)
      columns.append(row.column)
      if !row.isNull(8) { key.append((row.integer(8), row.text(1))) }
    }
    primaryKey = key.sorted { $0.place < $1.place }.map(\.name)
  }

  /// A row of the catalog query.
  private struct Row {
    let batch: ColumnBatch
    let index: Int

    func text(_ column: Int) -> String { batch.columns[column].text(index) }
    func integer(_ column: Int) -> Int64 { batch.columns[column].integer(index) }
    func isTrue(_ column: Int) -> Bool { batch.columns[column][index] == .bool(true) }
    func isNull(_ column: Int) -> Bool { batch.columns[column][index].isNull }

    var column: Column {
      Column(
        name: text(1), type: PostgresType(oid: UInt32(truncatingIfNeeded: integer(2))),
        modifier: Int32(truncatingIfNeeded: integer(3)), typeName: text(4), plainTypeName: text(5),
        isNullable: isTrue(6), isLooselyCollated: isTrue(7))
    }
  }

  /// The table as the source of a dataset.
  ///
  /// - Throws: `TokyoDataError` naming a column of the dataset that the table lacks, or whose type no longer
  ///   becomes the dataset's.
  func source(of dataset: Dataset) throws(TokyoDataError) -> SourceTable {
    var mapped: [SourceColumn] = []
    for field in dataset.schema.fields {
      guard let column = columns.first(where: { $0.name == field.name }) else {
        throw TokyoDataError(
          .unknownColumn, "the table has no such column of the dataset",
          context: .init(dataset: dataset.name, column: field.name))
      }
      let source = SourceColumn(
        field: field, type: column.type, plainTypeName: column.plainTypeName,
        isLooselyCollated: column.isLooselyCollated)
      guard FieldDecoder(from: source.lakeSource, to: field.type) != nil else {
        throw TokyoDataError(
          .typeMismatch, "a \(column.typeName) does not become a \(field.type)",
          context: .init(dataset: dataset.name, column: field.name))
      }
      mapped.append(source)
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
