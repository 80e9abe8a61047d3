import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// What a fault may come into: calls of every kind, small, so that a fault can come at each of their messages.
enum FaultWork: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case query
  case execute
  case stream
  case copyOut
  case copyIn
  case transaction

  var testDescription: String { rawValue }

  static func schema() throws -> ColumnSchema { try ColumnSchema([ColumnField("id", .int64)]) }

  /// Rows 1 to 3.
  private static func rows() throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try schema())
    for id in 1...3 { try builder.append(row: [.int(Int64(id))]) }
    return try builder.finish()
  }

  /// Runs the call on a table, which it leaves with three rows where it writes.
  func run(on connection: PostgresConnection, table: String, timeout: Duration? = nil) async throws {
    let select: PostgresStatement = "SELECT i::int8 AS id FROM generate_series(1, 3) AS i"
    switch self {
    case .query:
      let rows = try await connection.query(select, timeout: timeout)
      #expect(rows.rowCount == 3)
    case .execute:
      try await connection.execute("INSERT INTO \(identifier: table) \(select)", timeout: timeout)
    case .stream:
      let count = try await connection.withStream(select, batch: BatchSize(rows: 2), timeout: timeout) {
        try await Self.count($0)
      }
      #expect(count == 3)
    case .copyOut:
      let count = try await connection.withCopyOut(
        select, as: Self.schema(), from: [.int8], batch: BatchSize(rows: 2), timeout: timeout
      ) { try await Self.count($0) }
      #expect(count == 3)
    case .copyIn:
      try await connection.copyIn(Self.rows(), into: table, timeout: timeout)
    case .transaction:
      try await connection.withTransaction { transaction in
        try await transaction.execute("INSERT INTO \(identifier: table) \(select)")
        _ = try await transaction.query("SELECT count(*) FROM \(identifier: table)")
      }
    }
  }

  private static func count(_ batches: PostgresBatches) async throws -> Int {
    var rows = 0
    for try await batch in batches { rows += batch.rowCount }
    return rows
  }

  /// The call writes rows.
  var writes: Bool { self == .execute || self == .copyIn || self == .transaction }
}

/// A table of a test's own, dropped whatever happens.
struct FaultTable: Sendable {
  let name: String
  let bed: FaultBed

  static func with(_ bed: FaultBed, _ body: (FaultTable) async throws -> Void) async throws {
    let name = "faults_\(UInt64.random(in: .min ... .max))"
    try await bed.observer.execute("CREATE TABLE \(identifier: name) (id int8)")
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(FaultTable(name: name, bed: bed))) } catch {
      outcome = .failure(error)
    }
    // Whatever still runs would keep its lock.
    bed.proxy.disarm()
    bed.proxy.cutAll()
    try await bed.observer.execute("DROP TABLE \(identifier: name)")
    try outcome.get()
  }

  /// How many rows it has, and none from then on.
  func takeRows() async throws -> Int {
    try await bed.observer.execute("DELETE FROM \(identifier: name)")
  }
}
