internal import BenchSupport
internal import TokyoDataAWS

/// What is timed: all rows of lineitem, and many small answers at once.
struct Fetching: Sendable {
  let athena: AthenaColdStore
  let lineitem: Lineitem

  /// Reads all columns of all rows, batch by batch; how many there were, and the sums of two columns, by which
  /// sides are compared.
  func everything() async throws -> (rows: Int, quantity: Int128, key: Int) {
    let names = lineitem.dataset.schema.fields.map(\.name)
    var query = Query(lineitem.dataset.name)
    query.projections = names.map { Projection($0) }
    let resolved = try ResolvedQuery(query, for: lineitem.dataset)
    // A tier gives columns in the order of the projections, with names of its own.
    guard let quantityAt = names.firstIndex(of: "l_quantity"), let keyAt = names.firstIndex(of: "l_orderkey")
    else { throw BenchError("lineitem lacks what is summed") }
    var (rows, quantity, key) = (0, Int128(0), 0)
    _ = try await athena.read(resolved, from: lineitem.pinned) { batch in
      rows += batch.rowCount
      try batch.columns[quantityAt].withValues(as: Int128.self) { values, _ in
        for index in values.indices { quantity += values[index] }
      }
      try batch.columns[keyAt].withValues(as: Int64.self) { values, _ in
        for index in values.indices { key += Int(values[index]) }
      }
    }
    return (rows, quantity, key)
  }

  /// Asks for the rows and the quantity of each of the first suppliers, all at once; the sum of the answers.
  func many(_ count: Int) async throws -> (rows: Int, quantity: Int128) {
    try await withThrowingTaskGroup(of: (Int, Int128).self) { group in
      for supplier in 1...count { group.addTask { try await one(supplier) } }
      var (rows, quantity) = (0, Int128(0))
      for try await answer in group {
        rows += answer.0
        quantity += answer.1
      }
      return (rows, quantity)
    }
  }

  private func one(_ supplier: Int) async throws -> (Int, Int128) {
    let query = Query(lineitem.dataset.name)
      .filter(.column("l_suppkey", .equal, .int(Int64(supplier))))
      .select(Aggregate(.countRows, as: "rows"), .sum("l_quantity", as: "quantity"))
    let row = try await athena.rows(of: query, lineitem).row(0)
    guard case .int(let rows) = row[0] else { throw BenchError("a count is no number") }
    guard case .decimal(let quantity) = row[1] else { return (Int(rows), 0) }
    return (Int(rows), quantity.unscaled)
  }
}
