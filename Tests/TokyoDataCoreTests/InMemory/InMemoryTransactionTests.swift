internal import Testing
internal import TokyoDataTesting

@Suite("Transactions of the in-memory store")
struct InMemoryTransactionTests {
  let store = InMemoryHotStore()
  let dataset: Dataset

  init() async throws {
    let fields = [
      ColumnField("region", .string, isNullable: false), ColumnField("number", .int32, isNullable: false),
      ColumnField("note", .string),
    ]
    dataset = try Dataset(
      DatasetName("stock"), schema: ColumnSchema(fields), primaryKey: ["region", "number"], timeColumn: nil)
    try await store.install(dataset)
  }

  private func rows(_ rows: (String, Int64, ColumnValue)...) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(dataset.schema)
    for (region, number, note) in rows { try builder.append(row: [.string(region), .int(number), note]) }
    return try builder.finish()
  }

  private func all() async throws -> [[ColumnValue]] {
    var all: [[ColumnValue]] = []
    try await store.withExportSnapshot(of: dataset.name) { snapshot in
      try await snapshot.readAll { batch in all += (0..<batch.rowCount).map { batch.row($0) } }
    }
    return all
  }

  @Test("keys of several columns do not run into each other")
  func compositeKeys() async throws {
    let batch = try rows(("a", 1, "x"), ("a1", 1, "y"), ("a", 11, "z"), ("", 1, nil))
    try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
    #expect(try await all() == [["", 1, nil], ["a", 1, "x"], ["a", 11, "z"], ["a1", 1, "y"]])
  }

  @Test("a transaction sees its own writes")
  func ownWrites() async throws {
    let (first, second) = (try rows(("a", 1, "x")), try rows(("a", 1, "y")))
    try await store.withTransaction { transaction in
      try await transaction.insert(first, into: dataset.name)
      #expect(try await transaction.delete(first, from: dataset.name) == 1)
      try await transaction.insert(second, into: dataset.name)
      try await transaction.upsert(first, into: dataset.name)
    }
    #expect(try await all() == [["a", 1, "x"]])
  }

  @Test("a key that another transaction took meanwhile is a conflict at the commit, and nothing is written")
  func optimistic() async throws {
    let (mine, other) = (try rows(("b", 2, "mine"), ("a", 1, "mine")), try rows(("a", 1, "other")))
    let error = await #expect(throws: TokyoDataError.self) {
      try await store.withTransaction { transaction in
        try await transaction.insert(mine, into: dataset.name)
        try await store.withTransaction { try await $0.insert(other, into: dataset.name) }
      }
    }
    #expect(error?.code == .conflict)
    #expect(error?.isRetryable == true)
    #expect(try await all() == [["a", 1, "other"]])
  }

  @Test("a deletion whose rows are gone at the commit is a conflict")
  func deletedMeanwhile() async throws {
    let batch = try rows(("a", 1, "x"))
    try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
    let error = await #expect(throws: TokyoDataError.self) {
      try await store.withTransaction { transaction in
        #expect(try await transaction.delete(batch, from: dataset.name) == 1)
        try await store.withTransaction { _ = try await $0.delete(batch, from: dataset.name) }
      }
    }
    #expect(error?.code == .conflict)
  }

  @Test("a transaction whose error is swallowed does not commit")
  func swallowedError() async throws {
    let batch = try rows(("a", 1, "x"))
    let error = await #expect(throws: TokyoDataError.self) {
      try await store.withTransaction { transaction in
        try await transaction.insert(batch, into: dataset.name)
        try? await transaction.insert(batch, into: dataset.name)
      }
    }
    #expect(error?.code == .conflict)
    #expect(try await all().isEmpty)
  }

  @Test("a null in a column that is not nullable names the column")
  func forbiddenNull() async throws {
    let schema = try ColumnSchema(dataset.schema.fields.map { ColumnField($0.name, $0.type) })
    var builder = ColumnBatchBuilder(schema)
    try builder.append(row: [.null, 1, "x"])
    let batch = try builder.finish()
    let error = await #expect(throws: TokyoDataError.self) {
      try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
    }
    #expect(error?.context.column == "region")
    #expect(error?.context.dataset == dataset.name)
  }

  @Test("another definition of an installed dataset is refused, another policy is taken")
  func redefinition() async throws {
    let before = try await store.coverage(of: dataset.name).epoch
    let narrower = try Dataset(
      dataset.name, schema: dataset.schema, primaryKey: ["number"], timeColumn: nil)
    let error = await #expect(throws: TokyoDataError.self) { try await store.install(narrower) }
    #expect(error?.code == .unsupported)
    let clustered = try Dataset(
      dataset.name, schema: dataset.schema, primaryKey: dataset.primaryKey, timeColumn: nil,
      policy: DatasetPolicy(clusterBy: ["note"]))
    try await store.install(clustered)
    #expect(try await store.dataset(dataset.name) == clustered)
    #expect(try await store.coverage(of: dataset.name).epoch != before)
  }
}
