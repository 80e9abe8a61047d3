internal import TokyoDataCore

// What broken stores hand out: each forwards all that it does not break.

protocol ForwardingSnapshot: HotSnapshot {
  var inner: any HotSnapshot { get }
}

extension ForwardingSnapshot {
  var asOf: Timestamp { inner.asOf }
  func dataset(_ name: DatasetName) async throws -> Dataset { try await inner.dataset(name) }
  func coverage(of dataset: DatasetName) async throws -> Coverage { try await inner.coverage(of: dataset) }

  func overlayKeys(of dataset: DatasetName, days: [Day], limit: Int) async throws -> [Day: ColumnBatch] {
    try await inner.overlayKeys(of: dataset, days: days, limit: limit)
  }

  func read(
    _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    try await inner.read(query, in: ranges, consume)
  }
}

protocol ForwardingTransaction: HotTransaction {
  var inner: any HotTransaction { get }
}

extension ForwardingTransaction {
  func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await inner.insert(rows, into: dataset)
  }

  func upsert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await inner.upsert(rows, into: dataset)
  }

  func update(_ rows: ColumnBatch, in dataset: DatasetName) async throws -> Int {
    try await inner.update(rows, in: dataset)
  }

  func delete(_ rows: ColumnBatch, from dataset: DatasetName) async throws -> Int {
    try await inner.delete(rows, from: dataset)
  }
}

protocol ForwardingRun: LedgerRun {
  var inner: any LedgerRun { get }
}

extension ForwardingRun {
  var id: RunID { inner.id }
  var dataset: Dataset { inner.dataset }
  func record(_ version: VersionRecord) async throws { try await inner.record(version) }
  func publish(_ days: [DayPublication]) async throws { try await inner.publish(days) }

  func noteVerified(_ version: VersionID, at instant: Timestamp) async throws {
    try await inner.noteVerified(version, at: instant)
  }

  func declareSuspect(_ day: Day) async throws { try await inner.declareSuspect(day) }

  func resolve(_ day: Day, keeping side: SuspectResolution) async throws {
    try await inner.resolve(day, keeping: side)
  }

  func condemn(grace: Duration) async throws -> [VersionRecord] { try await inner.condemn(grace: grace) }
  func noteCollected(_ version: VersionID) async throws { try await inner.noteCollected(version) }
}

protocol ForwardingExport: ExportSnapshot {
  var inner: any ExportSnapshot { get }
}

extension ForwardingExport {
  var id: String { inner.id }
  var asOf: Timestamp { inner.asOf }
  var dataset: Dataset { inner.dataset }
  func coverage() async throws -> Coverage { try await inner.coverage() }
  func marks() async throws -> [Mark] { try await inner.marks() }
  func finishedDays() async throws -> [Day: Int] { try await inner.finishedDays() }

  func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
    try await inner.readDay(day, consume)
  }

  func readAll(_ consume: (ColumnBatch) async throws -> Void) async throws {
    try await inner.readAll(consume)
  }
}
