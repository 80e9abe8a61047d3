import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Days, months and names of partitions")
struct PartitionUnitTests {
  private func day(_ text: String) throws -> Day { try #require(Day(text)) }

  @Test(
    "a month ends where the next begins",
    arguments: [
      ("2024-02-29", "2024-02-01", "2024-03-01"), ("2023-02-28", "2023-02-01", "2023-03-01"),
      ("2026-12-31", "2026-12-01", "2027-01-01"), ("2026-01-01", "2026-01-01", "2026-02-01"),
      ("2026-04-30", "2026-04-01", "2026-05-01"),
    ])
  func months(text: String, start: String, end: String) throws {
    #expect(PartitionUnit.month.start(of: try day(text)) == (try day(start)))
    #expect(PartitionUnit.month.end(of: try day(text)) == (try day(end)))
    #expect(PartitionUnit.day.end(of: try day(text)) == (try day(text)).next)
  }

  @Test("gaps are filled exactly, cut where months end")
  func pieces() throws {
    let wanted = try day("2026-01-30")..<day("2026-03-10")
    let taken = [try day("2026-02-10")..<day("2026-02-12"), try day("2026-03-08")..<day("2026-03-20")]
    let pieces = PartitionUnit.month.pieces(filling: wanted, beside: taken)
    #expect(
      pieces == [
        try day("2026-01-30")..<day("2026-02-01"), try day("2026-02-01")..<day("2026-02-10"),
        try day("2026-02-12")..<day("2026-03-01"), try day("2026-03-01")..<day("2026-03-08"),
      ])
  }

  @Test("nothing is made where everything is there, up to the ends of time")
  func covered() throws {
    let wanted = try day("2026-01-01")..<day("2026-02-01")
    for bounds in [
      PartitionBounds(from: nil, until: nil), PartitionBounds(from: wanted.lowerBound, until: nil),
    ] {
      #expect(PartitionUnit.day.pieces(filling: wanted, beside: [bounds.range]).isEmpty)
    }
    #expect(PartitionUnit.day.pieces(filling: wanted, beside: []).count == 31)
  }

  @Test("bounds are read in whole UTC days, or not at all")
  func bounds() throws {
    let (first, next) = (try day("2026-03-01"), try day("2026-03-02"))
    let both = PartitionBounds(from: first, until: next)
    #expect(
      PartitionBounds("FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-03-02 00:00:00+00')") == both)
    #expect(PartitionBounds("FOR VALUES FROM ('2026-03-01') TO ('2026-03-02')") == both)
    #expect(
      PartitionBounds("FOR VALUES FROM (MINVALUE) TO ('2026-03-02')")
        == PartitionBounds(from: nil, until: next))
    #expect(
      PartitionBounds("FOR VALUES FROM ('2026-03-01') TO (MAXVALUE)")
        == PartitionBounds(from: first, until: nil))
    for text in [
      "DEFAULT", "FOR VALUES IN ('2026-03-01')", "FOR VALUES WITH (modulus 2, remainder 0)",
      "FOR VALUES FROM ('2026-02-28 15:00:00+00') TO ('2026-03-01 15:00:00+00')",
      "FOR VALUES FROM ('2026-03-01', '5') TO ('2026-03-02', '6')",
      "FOR VALUES FROM ('infinity') TO (MAXVALUE)",
      "FOR VALUES FROM (1) TO (2)",
    ] { #expect(PartitionBounds(text) == nil, "\(text)") }
  }

  @Test("names tell what a partition holds, and stay whole within 63 bytes")
  func names() throws {
    let names = PartitionNames(table: QualifiedName(schema: "s", table: "events"))
    let first = try day("2026-03-01")
    #expect(names.partition(first..<first.next).text == "s.events_p20260301")
    #expect(names.partition(first..<(try day("2026-04-01"))).text == "s.events_p202603")
    #expect(names.partition(first..<(try day("2026-03-16"))).text == "s.events_p20260301_20260315")
    #expect(names.overlay.text == "s.events_overlay")
    let long = String(repeating: "日", count: 21)
    let other = String(repeating: "日", count: 20) + "本"
    let cut = [long, other].map {
      PartitionNames(table: QualifiedName(schema: "s", table: $0)).partition(first..<first.next).table
    }
    #expect(Set(cut).count == 2)
    for name in cut { #expect(name.utf8.count <= 63 && name.hasSuffix("_p20260301")) }
  }
}
