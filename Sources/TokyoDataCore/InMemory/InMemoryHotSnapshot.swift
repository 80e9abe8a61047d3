/// One view of the in-memory store: copies that no later commit changes.
struct InMemoryHotSnapshot: HotSnapshot {
  let asOf: Timestamp
  let views: [DatasetName: HotView]

  func dataset(_ name: DatasetName) async throws -> Dataset { try view(of: name).dataset }

  func coverage(of dataset: DatasetName) async throws -> Coverage { try view(of: dataset).coverage() }

  func overlayKeys(of dataset: DatasetName, days: [Day], limit: Int) async throws -> [Day: ColumnBatch] {
    let view = try view(of: dataset)
    let columns = view.dataset.primaryKey
    // Rows without key replace nothing.
    guard !columns.isEmpty else { return [:] }
    let held = Set(days).compactMap { day in view.days[day].map { (day, $0) } }.filter { $1.rowCount > 0 }
    guard held.reduce(0, { $0 + $1.1.rowCount }) <= limit else {
      throw TokyoDataError(
        .unsupported, "more than \(limit) rows replace rows of cold days; merge them first",
        context: .init(store: InMemoryHotStore.shortName, dataset: dataset))
    }
    var keys: [Day: ColumnBatch] = [:]
    for (day, rows) in held {
      let batches = try rows.batches.map { try $0.selecting(columns) }
      keys[day] = try ColumnBatch.joining(batches, schema: view.dataset.schema.selecting(columns))
    }
    return keys
  }

  func read(
    _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let view = try view(of: query.dataset.name)
    var evaluator = PartialEvaluator(query)
    for day in view.days(in: ranges) where !evaluator.isComplete {
      for batch in view.days[day]?.batches ?? [] {
        try evaluator.add(batch, in: view.dataset.isDated ? ranges : nil)
        for part in try evaluator.takeBatches(atEnd: false) { try await consume(part) }
      }
    }
    for part in try evaluator.takeBatches(atEnd: true) { try await consume(part) }
    return ReadStatistics(rows: evaluator.rowCount)
  }

  private func view(of dataset: DatasetName) throws(TokyoDataError) -> HotView {
    guard let view = views[dataset] else {
      throw TokyoDataError(
        .unknownDataset, "the snapshot was not taken of this dataset",
        context: .init(store: InMemoryHotStore.shortName, dataset: dataset))
    }
    return view
  }
}
