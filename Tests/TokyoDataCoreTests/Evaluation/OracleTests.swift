import Testing
import TokyoDataCore

@Suite("Random queries")
struct OracleTests {
  @Test("a query means what a row-at-a-time evaluator says, at once and split over tiers", arguments: 0..<20)
  func oracle(hundred: Int) throws {
    for seed in hundred * 100..<hundred * 100 + 100 { try Self.compare(seed: seed) }
  }

  private static func compare(seed: Int) throws {
    var source = RandomQueries(seed: seed)
    let dataset = try RandomQueries.dataset()
    let rows = source.rows(source.int(0...40))
    let query = try source.query()
    let resolved: ResolvedQuery
    do { resolved = try ResolvedQuery(query, for: dataset) } catch {
      // Random arithmetic may need more places than 38.
      #expect(error.code == .unsupported, "seed \(seed): \(error)")
      return
    }
    let expected = Result { try NaiveEvaluator(query: query, dataset: dataset).answer(rows) }
    let whole = Result { try evaluate(resolved, tiers: [rows]) }
    check(whole, expected, isOrdered: isOrdered(query), "seed \(seed) at once: \(query)")

    var tiers: [[[ColumnValue]]] = Array(repeating: [], count: source.int(1...4))
    for row in rows { tiers[source.int(0...tiers.count - 1)].append(row) }
    let split = Result { try evaluate(resolved, tiers: tiers) }
    check(split, expected, isOrdered: isOrdered(query), "seed \(seed) split: \(query)")
  }

  /// Each tier's rows come in small batches.
  private static func evaluate(_ query: ResolvedQuery, tiers: [[[ColumnValue]]]) throws -> [[ColumnValue]] {
    var merger = ResultMerger(query)
    for rows in tiers {
      var evaluator = PartialEvaluator(query)
      for start in stride(from: 0, to: rows.count, by: 7) {
        var builder = ColumnBatchBuilder(query.dataset.schema)
        for row in rows[start..<min(start + 7, rows.count)] { try builder.append(row: row) }
        try evaluator.add(builder.finish().selecting(query.columnsRead))
        for batch in try evaluator.takeBatches(atEnd: false) { try merger.add(batch) }
      }
      for batch in try evaluator.takeBatches(atEnd: true) { try merger.add(batch) }
    }
    let answer = try merger.finish()
    return (0..<answer.rowCount).map(answer.row)
  }

  private static func isOrdered(_ query: Query) -> Bool { query.isGrouped || !query.orderings.isEmpty }

  private static func check(
    _ found: Result<[[ColumnValue]], any Error>, _ expected: Result<[[ColumnValue]], any Error>,
    isOrdered: Bool, _ comment: Comment
  ) {
    switch (found, expected) {
    case (.failure(let error), .failure):
      #expect((error as? TokyoDataError)?.code == .valueOutOfRange, comment)
    case (.success(let found), .success(let expected)):
      guard found.count == expected.count else {
        Issue.record("\(found.count) rows, \(expected.count) expected; \(comment)")
        return
      }
      func sorted(_ rows: [[ColumnValue]]) -> [[ColumnValue]] {
        isOrdered ? rows : rows.sorted { "\($0)" < "\($1)" }
      }
      for (row, other) in zip(sorted(found), sorted(expected)) where !NaiveEvaluator.same(row, other) {
        Issue.record("\(row) is not \(other); \(comment)")
        return
      }
    case (.failure(let error), .success): Issue.record("\(error) where there is none; \(comment)")
    case (.success, .failure(let error)): Issue.record("no error where there is one, \(error); \(comment)")
    }
  }
}
