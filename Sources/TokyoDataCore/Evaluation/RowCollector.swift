/// Collects the rows of a query for rows: all, the first so many, or those that sort first.
struct RowCollector: Sendable {
  private let query: ResolvedQuery
  private var batches: [ColumnBatch] = []
  private var held = 0
  /// Rows given away already, which count against the limit where the order is free.
  private var taken = 0

  init(_ query: ResolvedQuery) {
    self.query = query
  }

  private var isSorted: Bool { !query.sortKeys.isEmpty }

  /// No further row can change what is collected.
  var isComplete: Bool {
    guard let limit = query.query.limit else { return false }
    return limit == 0 || (!isSorted && taken + held >= limit)
  }

  /// How many rows may still be added; nil for any number.
  var room: Int? {
    guard let limit = query.query.limit, !isSorted else { return isComplete ? 0 : nil }
    return max(0, limit - taken - held)
  }

  mutating func add(_ batch: ColumnBatch) throws(TokyoDataError) {
    var batch = batch
    if let room, batch.rowCount > room { batch = try batch.rows(Array(0..<room)) }
    // Most rows of a large batch fall out at once, before they are joined with others.
    if isSorted, let limit = query.query.limit, batch.rowCount > limit {
      batch = try batch.rows(Array(RowSorter(keys: query.sortKeys).order(of: batch).prefix(limit)))
    }
    guard batch.rowCount > 0 else { return }
    batches.append(batch)
    held += batch.rowCount
    // Cutting only once the surplus is as large as the rest keeps the work linear.
    if isSorted, let limit = query.query.limit, held > max(2 * limit, limit + 65_536) { try cut() }
  }

  /// Takes the rows collected so far, sorted and cut where they are sorted and limited.
  mutating func take(atEnd: Bool) throws(TokyoDataError) -> [ColumnBatch] {
    if isSorted, query.query.limit != nil {
      guard atEnd else { return [] }
      try cut()
    }
    defer {
      taken += held
      held = 0
      batches = []
    }
    return batches
  }

  /// Sorts what there is and keeps the limit.
  private mutating func cut() throws(TokyoDataError) {
    guard held > 0 else { return }
    let all = try ColumnBatch.joined(batches, schema: query.partialSchema)
    let order = RowSorter(keys: query.sortKeys).order(of: all)
    let kept = try all.rows(Array(order.prefix(query.query.limit ?? order.count)))
    batches = [kept]
    held = kept.rowCount
  }
}
