extension InMemoryHotStore: ExportSource {
  /// Runs `body` on a copy of a dataset; its id tells the last transaction number given out.
  public func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result {
    let (view, last) = try withState { state in
      guard let table = state.tables[dataset] else { throw Self.unknown(dataset) }
      return (table.view, state.lastTransaction)
    }
    return try await body(InMemoryExportSnapshot(id: "memory-\(last)", asOf: now(), view: view))
  }

  /// Waits, by the store's clock, until the transactions that have written and not ended have ended.
  public func waitForWriters(
    of dataset: DatasetName, atMost limit: Duration
  ) async throws -> [OpenWriter] {
    let (ended, done) = AsyncStream<Never>.makeStream()
    let (writers, wait) = try withState { state in
      guard state.tables[dataset] != nil else { throw Self.unknown(dataset) }
      let writers = state.writers.open(on: dataset)
      return (writers, writers.isEmpty ? nil : state.writers.wait(for: writers, on: dataset, done))
    }
    guard let wait else { return [] }
    defer { withState { $0.writers.stopWaiting(wait) } }
    if limit > .zero {
      let clock = clock
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await _ in ended {} }
        group.addTask { try? await Self.sleep(on: clock, for: limit) }
        await group.next()
        group.cancelAll()
      }
      try Task.checkCancellation()
    }
    let open = withState { $0.writers.open(on: dataset).intersection(writers) }
    return open.map { _ in OpenWriter(processID: 0) }
  }

  /// Removes a day's rows if they hash as `expected`; where one of them goes meanwhile, it looks again.
  public func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    while true {
      try Task.checkCancellation()
      let view = try withTable(dataset) { table in
        try table.checkRetirement(of: day, version)
        return table.view
      }
      let rows = view.days[day] ?? DayRows()
      let marks = view.marks.filter { $0.day == day }
      var found = RowHash()
      for batch in rows.batches { found.add(batch) }
      guard found == expected else { return .differs(found: found, isMarked: !marks.isEmpty) }
      step(.beforeCommit)
      let isDone = try withTable(dataset) { try $0.retire(day, rows, version, explaining: marks) }
      // Somebody removed one of the rows meanwhile: look again at what is left.
      if isDone { return .retired(rows: found.rowCount) }
    }
  }

  private static func sleep<Waiting: Clock<Duration>>(on clock: Waiting, for limit: Duration) async throws {
    try await clock.sleep(for: limit)
  }
}

extension HotTable {
  func checkRetirement(of day: Day, _ version: VersionID) throws(TokyoDataError) {
    guard view.dataset.isDated else {
      throw TokyoDataError(
        .unsupported, "an undated dataset always stays in hot",
        context: .init(store: InMemoryHotStore.shortName, dataset: view.dataset.name))
    }
    let current = view.state(of: day)
    guard current.state == .both, current.version == version else {
      throw conflict("the day is \(current.state), or has another version", day)
    }
  }

  /// Removes the rows of an earlier copy of the day, unless one of them is gone.
  ///
  /// - Returns: false where one is gone; nothing has changed then.
  mutating func retire(
    _ day: Day, _ rows: DayRows, _ version: VersionID, explaining marks: Set<Mark>
  ) throws -> Bool {
    try checkRetirement(of: day, version)
    var remaining = view.days[day] ?? DayRows()
    guard remaining.removals == rows.removals else { return false }
    if rows.rowCount > 0 { try remaining.removeFirst(rows.rowCount) }
    if !view.dataset.primaryKey.isEmpty {
      for batch in rows.batches {
        let keys = try RowKeys(batch, columns: view.dataset.primaryKey)
        for row in 0..<batch.rowCount { index[keys[row]] = nil }
      }
    }
    view.days[day] = remaining
    makeCold(day, explaining: marks)
    return true
  }
}
