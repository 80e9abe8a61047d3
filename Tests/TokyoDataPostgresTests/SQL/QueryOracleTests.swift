import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// The SQL of a query means what the evaluator means.
@Suite("SQL against the evaluator")
struct QueryOracleTests {
  @Test("random queries over random rows get the same answers", arguments: 1...6)
  func sameAnswers(seed: UInt64) async throws {
    let dataset = try OracleTable.dataset()
    var random = OracleRandom(seed: seed)
    let rows = try OracleTable.rows(60, of: dataset, &random)
    let memory = InMemoryHotStore(now: { OracleTable.firstDay.start })
    try await memory.install(dataset)
    try await memory.withTransaction { try await $0.insert(rows, into: dataset.name) }
    var queries = OracleQueries(dataset: dataset, random: random)
    try await TestDatabase.with { database in
      try await database.createTable(of: dataset)
      try await database.store.install(dataset)
      _ = try await database.withConnection { try await $0.copyIn(rows, into: "oracle") }
      var answered = 0
      for _ in 0..<250 {
        let query = queries.next()
        let ranges = queries.ranges()
        guard let resolved = try? ResolvedQuery(query, for: dataset) else { continue }
        let expected = await Outcome { try await Self.answer(resolved, in: ranges, from: memory) }
        let found = await Outcome { try await Self.answer(resolved, in: ranges, from: database.store) }
        let agrees = found.agrees(with: expected, query)
        #expect(agrees, "\(query)\nin \(ranges)\n\(found)\ninstead of \(expected)")
        if expected.batch != nil { answered += 1 }
      }
      #expect(answered > 100)
    }
  }

  private static func answer(
    _ query: ResolvedQuery, in ranges: [TimeRange], from store: any HotStore
  ) async throws -> ColumnBatch {
    try await store.withSnapshot(of: [query.dataset.name]) { snapshot in
      var merger = ResultMerger(query)
      _ = try await snapshot.read(query, in: ranges) { try merger.add($0) }
      return try merger.finish()
    }
  }
}

/// An answer, or the code of the error that came instead.
private struct Outcome: CustomStringConvertible {
  var batch: ColumnBatch?
  var error: (any Error)?

  init(_ body: () async throws -> ColumnBatch) async {
    do { batch = try await body() } catch { self.error = error }
  }

  private var rows: [[ColumnValue]] {
    batch.map { batch in (0..<batch.rowCount).map { batch.row($0) } } ?? []
  }

  var description: String {
    error.map { String(reflecting: $0) } ?? "\(rows.count) rows: \(rows.prefix(5))"
  }

  func agrees(with expected: Outcome, _ query: Query) -> Bool {
    if let error = error as? TokyoDataError, let other = expected.error as? TokyoDataError {
      return error.code == other.code
    }
    guard let batch, let other = expected.batch, batch.schema == other.schema else { return false }
    var (mine, theirs) = (rows.map(Self.exactly), expected.rows.map(Self.exactly))
    if query.limit != nil, query.orderings.isEmpty, !query.isGrouped { return mine.count == theirs.count }
    if query.orderings.isEmpty { (mine, theirs) = (mine.sorted(), theirs.sorted()) }
    return mine == theirs
  }

  /// Texts that differ wherever two values do, the sign of a zero included, and not between NaNs.
  private static func exactly(_ row: [ColumnValue]) -> String {
    row.map { value in
      if case .string(let text) = value { return "\(Array(text.utf8))" }
      return value.text ?? "null"
    }.joined(separator: " | ")
  }
}
