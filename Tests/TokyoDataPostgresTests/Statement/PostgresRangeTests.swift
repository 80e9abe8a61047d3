import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A range")
struct PostgresRangeTests {
  @Test("is read from the server's text and written as one")
  func texts() throws {
    #expect(PostgresRange<Int32>("[1,5)") == PostgresRange(1..<5))
    #expect(PostgresRange<Int64>("(,5]") == PostgresRange(lower: .unbounded, upper: .included(5)))
    #expect(PostgresRange<Int>("empty") == .empty)
    #expect(PostgresRange<Int32>("(,)") == PostgresRange(lower: .unbounded, upper: .unbounded))
    let (first, last) = (try #require(Day("2026-01-01")), try #require(Day("-0043-03-15")))
    #expect(PostgresRange<Day>("[2026-01-01,)") == PostgresRange(lower: .included(first), upper: .unbounded))
    #expect(
      PostgresRange<Day>(#"["0044-03-15 BC",2026-01-01)"#) == PostgresRange(last..<first))
    let instant = try #require(Timestamp("2026-01-01T00:00:00.5Z"))
    #expect(
      PostgresRange<Timestamp>(#"(,"2026-01-01 00:00:00.5+00")"#)
        == PostgresRange(lower: .unbounded, upper: .excluded(instant)))
    #expect(PostgresRange(last..<first).description == #"["0044-03-15 BC","2026-01-01")"#)
    let amount = try #require(Decimal128("-1.50"))
    #expect(PostgresRange(lower: .excluded(amount), upper: .unbounded).description == #"("-1.50",)"#)
    for range in [PostgresRange(1...5), .empty, PostgresRange(lower: .unbounded, upper: .excluded(3))] {
      #expect(PostgresRange<Int>(range.description) == range)
    }
  }

  @Test(
    "is none where the text is none",
    arguments: ["", "[", "[1", "[1,2", "1,2)", "[1,2)x", "[a,2)", "[1,2,3)", "[1;2)", "[1,\"2)", "Empty"])
  func broken(text: String) {
    #expect(PostgresRange<Int>(text) == nil)
    #expect(PostgresRange<Day>("[-infinity,infinity]") == nil)
  }

  @Test("binds with its type")
  func binds() throws {
    let none: PostgresRange<Day>? = nil
    let (_, parameters) = try
      ("\(PostgresRange(1..<5))\(PostgresRange(Int32(1)...2))\(none)" as PostgresStatement)
      .rendered()
    #expect(parameters.map(\.type) == [.int8Range, .int4Range, .dateRange])
    #expect(parameters.map(\.isBinary) == [false, false, true])
    #expect(try ("\(PostgresRange(1..<5))" as PostgresStatement).inlined() == #"'["1","5")'::int8range"#)
  }
}
