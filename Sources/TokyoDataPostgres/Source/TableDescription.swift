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
    self = try await Self.read([name], in: session)[0]
  }

  /// Asks the server for several tables at once, which come in the order of their names here.
  ///
  /// - Throws: as `init`.
  static func read(
    _ names: [QualifiedName], in session: some PostgresSession
  ) async throws -> [TableDescription] {
    // Long to plan and asked by every query: a session keeps it prepared.
    let rows = try await session.query(
      """
      SELECT wanted.place, c.oid::int8 AS oid, a.attname::text AS name,
        coalesce(nullif(t.typbasetype, 0), t.oid)::int8 AS type,
        (CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END)::int8 AS modifier,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
        pg_catalog.format_type(a.atttypid, -1) AS plain_type_name, NOT a.attnotnull AS nullable,
        coalesce(NOT co.collisdeterministic, false) AS loose,
        array_position(i.indkey::int2[], a.attnum)::int8 AS key_place
      FROM unnest(\(names.map(\.schema))::text[], \(names.map(\.table))::text[])
        WITH ORDINALITY AS wanted(schema, name, place)
      JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
      JOIN pg_catalog.pg_class c
        ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'p')
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
      LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
      ORDER BY wanted.place, a.attnum
      """)
    var tables: [Int64: TableDescription] = [:]
    var keys: [Int64: [(place: Int64, name: String)]] = [:]
    for index in 0..<rows.rowCount {
      let row = Row(rows, index)
      let place = row.integer(0)
      tables[
        place,
        default: TableDescription(
          name: names[Int(place) - 1], oid: UInt32(truncatingIfNeeded: row.integer(1)))
      ].columns.append(row.column)
      if !row.isNull(9) { keys[place, default: []].append((row.integer(9), row.text(2))) }
    }
    return try names.enumerated().map { index, name in
      guard var table = tables[Int64(index + 1)] else {
        throw TokyoDataError(.notFound, "there is no table \(name.text)")
      }
      table.primaryKey = (keys[Int64(index + 1)] ?? []).sorted { $0.place < $1.place }.map(\.name)
      return table
    }
  }

  private init(name: QualifiedName, oid: UInt32) {
    self.name = name
    self.oid = oid
  }

  /// A row of the catalog query.
  private struct Row {
    let batch: ColumnBatch
    let index: Int

    init(_ batch: ColumnBatch, _ index: Int) {
      self.batch = batch
      self.index = index
    }

    func text(_ column: Int) -> String { batch.columns[column].text(index) }
    func integer(_ column: Int) -> Int64 { batch.columns[column].integer(index) }
    func isTrue(_ column: Int) -> Bool { batch.columns[column][index] == .bool(true) }
    func isNull(_ column: Int) -> Bool { batch.columns[column][index].isNull }

    var column: Column {
      Column(
        name: text(2), type: PostgresType(oid: UInt32(truncatingIfNeeded: integer(3))),
        modifier: Int32(truncatingIfNeeded: integer(4)), typeName: text(5), plainTypeName: text(6),
        isNullable: isTrue(7), isLooselyCollated: isTrue(8))
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
