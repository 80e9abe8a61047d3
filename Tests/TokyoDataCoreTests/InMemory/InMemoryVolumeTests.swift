internal import Testing
internal import TokyoDataTesting

@Suite("The in-memory store under many small writes")
struct InMemoryVolumeTests {
  @Test("rows written one by one, replaced and deleted are what they should be")
  func manySmallWrites() async throws {
    let store = InMemoryHotStore(now: { Day(daysSince1970: 20_010).start })
    let fields = [
      ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
      ColumnField("value", .int64),
    ]
    let dataset = try Dataset(
      DatasetName("points"), schema: ColumnSchema(fields), primaryKey: ["id"], timeColumn: "at")
    try await store.install(dataset)
    var expected: [Int64: (day: Int32, value: Int64)] = [:]
    var random = LinearGenerator(state: 7)
    for step in 0..<2_000 {
      let (id, day) = (Int64.random(in: 0..<300, using: &random), Int32.random(in: 0..<5, using: &random))
      var builder = ColumnBatchBuilder(dataset.schema)
      let instant = Day(daysSince1970: 20_000 + day).start.adding(microseconds: Int64(step))
      try builder.append(row: [.int(id), .timestamp(instant), .int(Int64(step))])
      let batch = try builder.finish()
      let deletes = Bool.random(using: &random)
      try await store.withTransaction { transaction in
        if deletes {
          let count = try await transaction.delete(batch, from: dataset.name)
          #expect(count == (expected[id]?.day == day ? 1 : 0))
        } else {
          try await transaction.upsert(batch, into: dataset.name)
        }
      }
      if !deletes {
        expected[id] = (day, Int64(step))
      } else if expected[id]?.day == day {
        expected[id] = nil
      }
    }
    var found: [Int64: (day: Int32, value: Int64)] = [:]
    try await store.withExportSnapshot(of: dataset.name) { snapshot in
      for day in try await snapshot.finishedDays().keys {
        try await snapshot.readDay(day) { batch in
          for row in 0..<batch.rowCount {
            guard case (.int(let id), .int(let value)) = (batch.columns[0][row], batch.columns[2][row])
            else { continue }
            #expect(found[id] == nil, "a key is there twice")
            found[id] = (day.daysSince1970 - 20_000, value)
          }
        }
      }
    }
    #expect(
      found.mapValues { [Int64($0.day), $0.value] } == expected.mapValues { [Int64($0.day), $0.value] })
  }
}

/// Random numbers that are the same in every run.
struct LinearGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
