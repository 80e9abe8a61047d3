/// One view of the in-memory store for export.
struct InMemoryExportSnapshot: ExportSnapshot {
  /// Rows of one batch, so that who writes files sees no more than that at a time.
  private static let batchRows = 16_384

  let id: String
  let asOf: Timestamp
  let view: HotView

  var dataset: Dataset { view.dataset }

  func coverage() async throws -> Coverage { view.coverage() }

  func marks() async throws -> [Mark] {
    view.marks.sorted { ($0.day, $0.transaction) < ($1.day, $1.transaction) }
  }

  func finishedDays() async throws -> [Day: Int] {
    guard dataset.isDated else { return [:] }
    return view.days.filter { $0.key < asOf.day && $0.value.rowCount > 0 }.mapValues(\.rowCount)
  }

  func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
    guard dataset.isDated else {
      throw TokyoDataError(
        .unsupported, "an undated dataset is read as a whole",
        context: .init(store: InMemoryHotStore.shortName, dataset: dataset.name))
    }
    try await read(view.days[day], consume)
  }

  func readAll(_ consume: (ColumnBatch) async throws -> Void) async throws {
    guard !dataset.isDated else {
      throw TokyoDataError(
        .unsupported, "a dated dataset is read by days",
        context: .init(store: InMemoryHotStore.shortName, dataset: dataset.name))
    }
    try await read(view.days[HotView.undated], consume)
  }

  private func read(_ rows: DayRows?, _ consume: (ColumnBatch) async throws -> Void) async throws {
    guard let rows, rows.rowCount > 0 else { return }
    let whole = try ColumnBatch.joining(rows.batches, schema: dataset.schema)
    let columns = try dataset.rowOrder.map { try dataset.schema.requiredIndex(of: $0) }
    let sorter = RowSorter(
      keys: columns.map { SortKey(column: $0, isDescending: false, nullsFirst: false) })
    let order = sorter.order(of: whole)
    for first in stride(from: 0, to: order.count, by: Self.batchRows) {
      let end = min(first + Self.batchRows, order.count)
      try await consume(try whole.gathering(Array(order[first..<end])))
    }
  }
}
