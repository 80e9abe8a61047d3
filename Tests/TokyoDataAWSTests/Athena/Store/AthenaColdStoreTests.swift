import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("AthenaColdStore")
struct AthenaColdStoreTests {
  static let day = Day(daysSince1970: 20_000)

  static func dataset() throws -> Dataset {
    try Dataset(
      DatasetName("sales"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
        ColumnField("amount", .decimal(precision: 12, scale: 2)), ColumnField("tag", .string),
      ]), primaryKey: ["id"], timeColumn: "at")
  }

  static func rows(
    _ ids: some Sequence<Int>, day: Day = day
  ) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try dataset().schema, capacity: 0)
    for id in ids {
      let amount = try Decimal128(unscaled: Int128(id) * 7, scale: 2)
      try builder.append(row: [
        .int(Int64(id)),
        .timestamp(day.start.adding(microseconds: Int64(id) * 1_000_001 % 86_400_000_000)),
        .decimal(amount), id % 3 == 0 ? .null : .string("t\(id % 3)"),
      ])
    }
    return try builder.finish()
  }

  static func sums() throws -> Query {
    Query(try DatasetName("sales")).group(by: .column("tag")).select(.sum("amount"), .count).order(by: "tag")
  }

  static func totals() throws -> Query { Query(try DatasetName("sales")).select(.count, .sum("id")) }

  @Test("a read costs what Athena asks for: the price of its bytes, ten megabytes at least")
  func dollars() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<500)], as: Self.day, of: Self.dataset())
    let store = try bench.athena()
    let (answer, statistics) = try await bench.answer(
      store, try Self.sums(), of: Self.dataset(), from: [PinnedVersion(version)])
    #expect(answer.rowCount == 3)
    #expect(statistics.rows == 500)
    #expect(statistics.bytes > 0)
    #expect(statistics.dollars == 0.00005)
    let resolved = try ResolvedQuery(Self.sums(), for: Self.dataset())
    #expect(store.estimate(resolved, from: [PinnedVersion(version)]).dollars == 0.00005)
    #expect(store.estimate(resolved, from: []).dollars == 0)
  }

  @Test("a result that Athena gives once more is marked and costs nothing, and is never another version's")
  func reused() async throws {
    let bench = try await ColdBench()
    let store = try bench.athena {
      $0.reuseMinutes = 10
      $0.resultWay = .pages
    }
    var answers: [ColumnBatch] = []
    for ids in [0..<10, 0..<20] {
      let version = try await bench.write([Self.rows(ids)], as: Self.day, of: Self.dataset())
      let pinned = [PinnedVersion(version)]
      let first = try await bench.answer(store, try Self.sums(), of: Self.dataset(), from: pinned)
      let second = try await bench.answer(store, try Self.sums(), of: Self.dataset(), from: pinned)
      #expect(!first.statistics.isReused && second.statistics.isReused)
      #expect(second.statistics.dollars == 0)
      #expect(second.rows == first.rows)
      answers.append(first.rows)
    }
    #expect(answers[0] != answers[1])
  }

  @Test("what is beyond the budget is refused before Athena is asked")
  func budget() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<10)], as: Self.day, of: Self.dataset())
    let budget = try AthenaBudget(dollarsPerDay: 0.00012)
    let store = try bench.athena { $0.budget = budget }
    for _ in 0..<2 {
      _ = try await bench.answer(store, try Self.sums(), of: Self.dataset(), from: [PinnedVersion(version)])
    }
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await bench.answer(store, try Self.sums(), of: Self.dataset(), from: [PinnedVersion(version)])
    }
    #expect(error?.code == .budgetExceeded)
    let today = try JSONLaboratory.client().time.now().day
    #expect(budget.dollarsSpent(on: today) == 0.0001)
  }

  @Test("the budget's price is that of the estimate, of the read and of the charge")
  func price() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<10)], as: Self.day, of: Self.dataset())
    let budget = try AthenaBudget(dollarsPerDay: 1, price: AthenaPrice(dollarsPerTerabyte: 10))
    let store = try bench.athena { $0.budget = budget }
    let resolved = try ResolvedQuery(Self.sums(), for: Self.dataset())
    #expect(store.estimate(resolved, from: [PinnedVersion(version)]).dollars == 0.0001)
    let (_, statistics) = try await bench.answer(
      store, try Self.sums(), of: Self.dataset(), from: [PinnedVersion(version)])
    #expect(statistics.dollars == 0.0001)
    #expect(budget.dollarsSpent(on: try JSONLaboratory.client().time.now().day) == 0.0001)
  }

  @Test("small reads go to the lake's files, and cost nothing")
  func smallReads() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<10)], as: Self.day, of: Self.dataset())
    let store = try bench.athena { $0.smallRead = AthenaOptions().smallRead }
    let (_, statistics) = try await bench.answer(
      store, try Self.sums(), of: Self.dataset(), from: [PinnedVersion(version)])
    #expect(statistics.rows == 10)
    #expect(statistics.dollars == 0)
    let resolved = try ResolvedQuery(Self.sums(), for: Self.dataset())
    #expect(store.estimate(resolved, from: [PinnedVersion(version)]).dollars == 0)
  }

  enum Damage: CaseIterable {
    case partition, manifest, file, shorterFile, strangeFile

    var code: TokyoDataError.Code {
      switch self {
      case .partition, .manifest, .file: .notFound
      case .shorterFile, .strangeFile: .invalidData
      }
    }

    func apply(to version: VersionRecord, in bench: ColdBench, _ dataset: Dataset) async throws {
      let file = try bench.lake.layout.key(LakeLayout.fileName(0), in: version.location)
      switch self {
      case .partition: try await bench.lake.catalog.remove([version], of: dataset)
      case .manifest:
        _ = try await bench.lake.objects.delete([
          bench.lake.layout.key(LakeLayout.manifestName, in: version.location)
        ])
      case .file: _ = try await bench.lake.objects.delete([file])
      case .shorterFile:
        _ = try await bench.lake.objects.delete([file])
        try await bench.lake.objects.put([1, 2, 3], as: file)
      case .strangeFile:
        try await bench.lake.objects.put(
          [1], as: bench.lake.layout.key("part-00009.snappy.parquet", in: version.location))
      }
    }
  }

  @Test("a version that is not there whole is an error that names its day", arguments: Damage.allCases)
  func damaged(_ damage: Damage) async throws {
    let bench = try await ColdBench()
    let dataset = try Self.dataset()
    let sound = try await bench.write([Self.rows(0..<10)], as: Self.day, of: dataset)
    let next = Self.day.next
    let version = try await bench.write([Self.rows(10..<20, day: next)], as: next, of: dataset)
    try await damage.apply(to: version, in: bench, dataset)
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await bench.answer(
        bench.athena(), try Self.sums(), of: dataset, from: [PinnedVersion(sound), PinnedVersion(version)])
    }
    #expect(error?.code == damage.code)
    #expect(error?.context.day == next)
    #expect(try await bench.s3.store().list(prefix: "results/").isEmpty)
  }

  @Test("versions are looked for once, whether queries come one after the other or together")
  func remembers() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<10)], as: Self.day, of: Self.dataset())
    let store = try bench.athena()
    for _ in 0..<2 {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            _ = try await bench.answer(
              store, try Self.sums(), of: Self.dataset(), from: [PinnedVersion(version)])
          }
        }
        try await group.waitForAll()
      }
    }
    let reads = try await Laboratory.log().filter {
      $0.operation == "s3:GetObject" && $0.target.contains(bench.s3.bucket)
        && $0.target.contains(LakeLayout.manifestName)
    }
    #expect(reads.count == 1)
  }

  @Test("all columns of many rows come by UNLOAD, of which nothing is left behind")
  func long() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<100_000)], as: Self.day, of: Self.dataset())
    let everything = Query(try DatasetName("sales")).order(by: "id")
    let (answer, statistics) = try await bench.answer(
      bench.athena(), everything, of: Self.dataset(), from: [PinnedVersion(version)])
    let memory = InMemoryColdStore()
    memory.add(version, rows: [try Self.rows(0..<100_000)])
    let (expected, _) = try await bench.answer(
      memory, everything, of: Self.dataset(), from: [PinnedVersion(version)])
    #expect(answer == expected)
    #expect(statistics.rows == 100_000)
    let reads = try await Laboratory.log().filter {
      $0.operation == "s3:GetObject" && $0.target.contains("\(bench.s3.bucket)/results/tokyo-unload/")
    }
    #expect(!reads.isEmpty)
    #expect(try await bench.s3.store().list(prefix: "results/").isEmpty)
  }

  @Test("groups, tops and what a filter leaves are not thought to be long")
  func short() throws {
    var record = VersionRecord(
      id: VersionID(at: Self.day.next.start), day: Self.day, location: "sales", schemaFingerprint: "",
      snapshot: "s", exportedAt: Self.day.next.start)
    func isLong(_ query: Query) throws -> Bool {
      try ResolvedQuery(query, for: Self.dataset()).isLong(in: [PinnedVersion(record)])
    }
    let everything = Query(try DatasetName("sales"))
    record.rowHash = try #require(RowHash("v1:\(String(repeating: "0", count: 32)):99999"))
    #expect(try !isLong(everything))
    record.rowHash = try #require(RowHash("v1:\(String(repeating: "0", count: 32)):100000"))
    #expect(try isLong(everything))
    #expect(try isLong(everything.order(by: "id")))
    #expect(try !isLong(Self.sums()))
    #expect(try !isLong(everything.order(by: "id").limit(100_000)))
    #expect(try !isLong(everything.filter(.column("id", .less, .int(1_000_000)))))
  }

  @Test("a query that is too long for one is several, and what is charged is the sum")
  func several() async throws {
    let bench = try await ColdBench()
    let version = try await bench.write([Self.rows(0..<20_000)], as: Self.day, of: Self.dataset())
    // Ranges of keys cannot be joined where every second one is missing.
    let sparse = try Self.rows(stride(from: 0, to: 19_990, by: 2)).selecting(["id"])
    let store = try bench.athena()
    let pinned = [PinnedVersion(version, excludedKeys: sparse)]
    let (answer, statistics) = try await bench.answer(
      store, try Self.totals(), of: Self.dataset(), from: pinned)
    let memory = InMemoryColdStore()
    memory.add(version, rows: [try Self.rows(0..<20_000)])
    let (expected, _) = try await bench.answer(
      memory, try Self.totals(), of: Self.dataset(), from: pinned)
    #expect(answer == expected)
    #expect(statistics.rows == 10_005)
    let resolved = try ResolvedQuery(Self.totals(), for: Self.dataset())
    let table = AthenaTable.versions(of: try Self.dataset(), in: bench.database)
    let count = try AthenaQuerySQL(query: resolved, table: table).statements(from: pinned).count
    #expect(abs(statistics.dollars - Double(count) * 0.00005) < 1e-12)
  }
}
