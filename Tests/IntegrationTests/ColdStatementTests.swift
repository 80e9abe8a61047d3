import Foundation
import Testing
import TokyoData
import TokyoDataTesting

@testable import TokyoDataAWS

/// SQL of one's own over what was exported to the laboratory.
@Suite("Statements over the lake, in the laboratory")
struct ColdStatementTests {
  static let today = Day(daysSince1970: 20_400)

  let hot: InMemoryHotStore
  let laboratory: DifferentialLaboratory
  let dataset: Dataset

  init() async throws {
    let noon = Self.today.start.adding(microseconds: 43_200_000_000)
    hot = InMemoryHotStore(now: { noon })
    laboratory = try await DifferentialLaboratory()
    dataset = try Dataset(
      DatasetName("sales"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("tag", .string),
        ColumnField("sold_at", .timestamp, isNullable: false),
      ]), primaryKey: ["id"], timeColumn: "sold_at", policy: DatasetPolicy(hotDays: 2))
    try await hot.install(dataset)
    try await sell(1...5)
    _ = try await ETL(from: hot, to: laboratory.lake).export(dataset.name)
  }

  /// Two sales on each of the days so long ago; their ids are twice the days, and one more.
  private func sell(_ daysAgo: ClosedRange<Int>, tag: String = "a") async throws {
    var rows = ColumnBatchBuilder(dataset.schema)
    for ago in daysAgo {
      for number in 0..<2 {
        let at = Self.today.advanced(by: -ago).start.adding(microseconds: Int64(number) * 1_500)
        try rows.append(row: [.int(Int64(2 * ago + number)), .string(tag), .timestamp(at)])
      }
    }
    let batch = try rows.finish()
    try await hot.withTransaction { try await $0.upsert(batch, into: dataset.name) }
  }

  private static func values(_ name: String, of batch: ColumnBatch) -> [ColumnValue] {
    batch.schema.index(of: name).map { column in (0..<batch.rowCount).map { batch.columns[column][$0] } }
      ?? []
  }

  @Test("reads the versions that the ledger names, each day as of its export")
  func readsVersions() async throws {
    let cold = laboratory.store
    let statement: SQLStatement = "SELECT id, tag FROM \(dataset: dataset.name) ORDER BY id"
    let first = try await cold.fetch(statement, pinnedBy: hot)
    #expect(Self.values("id", of: first.batch) == (2...11).map { .int($0) })
    #expect(first.receipt.dollars == 0.00005)
    // What is written later is not exported yet, and today never is.
    try await sell(0...1, tag: "b")
    #expect(try await cold.fetch(statement, pinnedBy: hot).batch == first.batch)
    _ = try await ETL(from: hot, to: laboratory.lake).export(dataset.name)
    let third = try await cold.fetch(statement, pinnedBy: hot)
    let tags = Self.values("tag", of: third.batch)
    #expect(tags.prefix(3) == [.string("b"), .string("b"), .string("a")])
    #expect(third.batch.rowCount == 10)
  }

  @Test("takes values, days and microseconds")
  func takesValues() async throws {
    let (first, last) = (Self.today.advanced(by: -3), Self.today.advanced(by: -2))
    let rows = try await laboratory.store.fetch(
      """
      SELECT count(*) AS n, max(s.sold_at__us) AS last FROM \(dataset: dataset.name, days: first...last) AS s
      WHERE tag = \("a") AND id <> \(Int64(4))
      """, pinnedBy: hot)
    #expect(Self.values("n", of: rows.batch) == [.int(3)])
    #expect(Self.values("last", of: rows.batch) == [.int(last.start.microsecondsSince1970 + 1_500)])
  }

  @Test("the same token finds the same query, and a query is resumed by its id")
  func resumes() async throws {
    let token = "a-token-of-at-least-32-characters-\(UInt64.random(in: .min ... .max))"
    let statement: SQLStatement = "SELECT count(*) AS n FROM \(dataset: dataset.name)"
    let first = try await laboratory.store.fetch(statement, pinnedBy: hot, token: token)
    let second = try await laboratory.store.fetch(statement, pinnedBy: hot, token: token)
    #expect(first.receipt.queryID == second.receipt.queryID)
    let resumed = try await laboratory.store.resume(first.receipt.queryID)
    #expect(resumed.batch == first.batch)
    #expect(resumed.receipt.queryID == first.receipt.queryID)
  }

  @Test("a router over Athena gives the answer that hot alone gave")
  func routes() async throws {
    let query = Query(dataset.name).group(by: .day).select(.count, .max("id")).order(by: "day")
    let before = try await Router(hot: hot).fetch(query)
    _ = try await ETL(from: hot, to: laboratory.lake).retire(dataset.name)
    let answer = try await Router(hot: hot, cold: laboratory.store).fetch(query)
    #expect(answer.batch == before.batch)
    #expect(answer.plan.runs.contains { $0.source == "athena" })
    #expect(answer.cost.dollars == 0.00005)
  }
}
