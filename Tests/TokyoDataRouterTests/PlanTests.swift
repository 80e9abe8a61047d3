import Foundation
import Testing

@testable import TokyoDataRouter

@Suite("A plan")
struct PlanTests {
  static func plan() throws -> Plan {
    let version = try #require(VersionID("20250201T000000Z-0123456789ab"))
    return Plan(
      dataset: try Sales.name, kind: .aggregation, asOf: Sales.now,
      runs: [
        Plan.Run(first: nil, last: Sales.day(-1), tier: .hot, source: "memory", reason: "held by hot"),
        Plan.Run(
          first: Sales.day(0), last: Sales.day(0), tier: .coldWithOverlay, source: "lake",
          reason: "older than hot, verified", versions: [version], bytes: 41_234_567, dollars: 0.00021),
        Plan.Run(
          first: Sales.day(1), last: Sales.day(12), tier: .nothing, source: nil, reason: "expired",
          isLeftOut: true),
      ],
      estimate: ScanEstimate(bytes: 41_234_567, dollars: 0.00021))
  }

  @Test("it prints a line for each run, in columns")
  func prints() throws {
    #expect(
      try Self.plan().description == """
        … 2025-01-29             hot           memory                             held by hot
        2025-01-30               cold+overlay  lake     1 day   41.2 MB  $0.0002  older than hot, verified
        2025-01-31 … 2025-02-11  none                  12 days                    left out: expired
        """)
  }

  @Test("it lists every day between its bounds, with version and reason")
  func listsDays() throws {
    let days = try Self.plan().days
    #expect(days.map(\.day) == (0...12).map(Sales.day))
    #expect(days[0].version == VersionID("20250201T000000Z-0123456789ab"))
    #expect(days[1].version == nil && days[1].tier == .nothing && days[1].reason == "expired")
    #expect(try Self.plan().daysLeftOut == (1...12).map(Sales.day))
    #expect(try Self.plan().isPartial)
  }

  @Test("it survives its JSON form")
  func codes() throws {
    let data = try JSONEncoder().encode(try Self.plan())
    #expect(try JSONDecoder().decode(Plan.self, from: data) == Self.plan())
  }

  @Test("a newer format is refused")
  func refusesNewerFormat() throws {
    let text = String(decoding: try JSONEncoder().encode(try Self.plan()), as: UTF8.self)
    let newer = text.replacingOccurrences(of: "\"format\":1", with: "\"format\":2")
    #expect(newer != text)
    #expect(throws: TokyoDataError.self) { try JSONDecoder().decode(Plan.self, from: Data(newer.utf8)) }
  }

  @Test(
    "sizes are short",
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1050, "1.1 kB"), (41_234_567, "41.2 MB"),
      (999_949, "999.9 kB"), (999_951, "1.0 MB"), (5_000_000_000_000, "5.0 TB"),
    ])
  func sizes(_ bytes: Int, _ text: String) { #expect(Plan.size(bytes) == text) }

  @Test(
    "prices have four places",
    arguments: [
      (0, "$0"), (0.00005, "<$0.0001"), (0.0002, "$0.0002"), (12.5, "$12.5000"), (0.99999, "$1.0000"),
    ])
  func prices(_ dollars: Double, _ text: String) { #expect(Plan.price(dollars) == text) }
}
