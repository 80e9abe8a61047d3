internal import Testing
internal import TokyoDataTesting

@Suite("The in-memory store and its clock")
struct InMemoryTimeTests {
  let clock: ManualClock
  let store: InMemoryHotStore
  let dataset: Dataset

  init() async throws {
    let clock = ManualClock(Day(daysSince1970: 20_000).start)
    self.clock = clock
    store = InMemoryHotStore(now: { clock.now.timestamp }, clock: clock)
    let fields = [
      ColumnField("id", .int64, isNullable: false), ColumnField("on", .date, isNullable: false),
    ]
    dataset = try Dataset(
      DatasetName("visits"), schema: ColumnSchema(fields), primaryKey: ["id"], timeColumn: "on")
    try await store.install(dataset)
  }

  private func insert(_ id: Int64, _ day: Day) async throws {
    var builder = ColumnBatchBuilder(dataset.schema)
    try builder.append(row: [.int(id), .date(day)])
    let batch = try builder.finish()
    try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
  }

  @Test("a day is finished when the clock's date has passed it")
  func finishedDays() async throws {
    let today = clock.now.timestamp.day
    try await insert(1, today)
    #expect(try await store.coverage(of: dataset.name).marked == [])
    clock.advance(by: .seconds(86_399.999999))
    try await insert(2, today)
    #expect(try await store.coverage(of: dataset.name).marked == [])
    #expect(try await store.withExportSnapshot(of: dataset.name) { try await $0.finishedDays() } == [:])
    clock.advance(by: .microseconds(1))
    try await insert(3, today)
    #expect(try await store.coverage(of: dataset.name).marked == [today])
    #expect(
      try await store.withExportSnapshot(of: dataset.name) { try await $0.finishedDays() } == [today: 3])
  }

  @Test("the grace of a version is counted from when it was recorded, to the microsecond")
  func grace() async throws {
    let now = clock.now.timestamp
    let version = VersionRecord(
      id: VersionID(at: now), day: now.day, location: "nowhere", schemaFingerprint: "", snapshot: "",
      exportedAt: now)
    try await store.withRun(of: dataset.name, .export) { try await $0.record(version) }
    let week = Duration.seconds(7 * 86_400)
    let condemn = { [store, dataset] in
      try await store.withRun(of: dataset.name, .collect) { try await $0.condemn(grace: week) }.map(\.id)
    }
    clock.advance(by: week - .microseconds(1))
    #expect(try await condemn() == [])
    clock.advance(by: .microseconds(1))
    #expect(try await condemn() == [version.id])
    #expect(try await store.condemned(among: [version.id], of: dataset.name) == [version.id])
  }

  @Test("a wait for writers ends when the clock has passed its limit")
  func boundedWait() async throws {
    let (store, name, clock) = (store, dataset.name, clock)
    var builder = ColumnBatchBuilder(dataset.schema)
    try builder.append(row: [1, .date(clock.now.timestamp.day)])
    let batch = try builder.finish()
    try await store.withTransaction { transaction in
      try await transaction.insert(batch, into: name)
      try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask { try await store.waitForWriters(of: name, atMost: .seconds(60)).count }
        // The waiter may not sleep yet, so the clock goes on until it has seen enough.
        group.addTask {
          while !Task.isCancelled {
            clock.advance(by: .seconds(60))
            await Task.yield()
          }
          return 1
        }
        let staying = try await group.next()
        #expect(staying == 1)
        group.cancelAll()
      }
    }
  }

  @Test("a run that has ended changes nothing any more")
  func endedRun() async throws {
    let run = try await store.withRun(of: dataset.name, .export) { $0 }
    let error = await #expect(throws: TokyoDataError.self) { try await run.publish([]) }
    #expect(error?.code == .busy)
  }
}
