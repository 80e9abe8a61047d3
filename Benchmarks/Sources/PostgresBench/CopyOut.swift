internal import BenchSupport
internal import TokyoDataPostgres

/// COPY OUT of TPC-H's lineitem into column batches, each forgotten when the next one comes.
struct CopyOut {
  private static let columns: [(name: String, type: ColumnType, source: PostgresType)] = [
    ("l_orderkey", .int32, .int4), ("l_partkey", .int32, .int4), ("l_suppkey", .int32, .int4),
    ("l_linenumber", .int32, .int4), ("l_quantity", money, .numeric), ("l_extendedprice", money, .numeric),
    ("l_discount", money, .numeric), ("l_tax", money, .numeric), ("l_returnflag", .string, .bpchar),
    ("l_linestatus", .string, .bpchar), ("l_shipdate", .date, .date), ("l_commitdate", .date, .date),
    ("l_receiptdate", .date, .date), ("l_shipinstruct", .string, .bpchar), ("l_shipmode", .string, .bpchar),
    ("l_comment", .string, .varchar),
  ]
  private static let money = ColumnType.decimal(precision: 15, scale: 2)

  /// Lends every batch to `body`, with a connection of its own, opened and closed.
  static func run(on server: String, _ body: (ColumnBatch) throws -> Void) async throws {
    let schema = try ColumnSchema(columns.map { ColumnField($0.name, $0.type, isNullable: false) })
    let names = columns.map { column -> PostgresStatement in "\(identifier: column.name)" }
    let store = PostgresHotStore(server)
    try await store.withConnection { connection in
      try await connection.withCopyOut(
        "SELECT \(.joining(names, separator: ", ")) FROM lineitem", as: schema, from: columns.map(\.source)
      ) { batches in
        for try await batch in batches { try body(batch) }
      }
    }
    await store.close()
  }

  /// The seconds that it takes, and the rows.
  static func time(on server: String) async throws -> String {
    let clock = ContinuousClock()
    let start = clock.now
    var rows = 0
    try await run(on: server) { rows += $0.rowCount }
    return "\((clock.now - start).seconds) \(rows)"
  }

  /// The rows and the checksum of every column, see `LineitemChecksum`.
  static func check(on server: String) async throws -> String {
    var sums = LineitemChecksum()
    try await run(on: server) { try sums.add($0) }
    return sums.summary
  }
}
