import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Names and values in Athena's SQL")
struct AthenaSQLTests {
  @Test(
    "a value says its type, exactly",
    arguments: [
      (.null, "NULL"), (true, "true"), (5, "5"), (.int(.min), "BIGINT '-9223372036854775808'"),
      (.float(0.1), "REAL '0.1'"), (.double(-0.0), "DOUBLE '-0.0'"), (.double(.nan), "DOUBLE 'NaN'"),
      (.double(-.infinity), "DOUBLE '-Infinity'"), (.double(1e300), "DOUBLE '1e+300'"),
      (.decimal(Decimal128("12.50") ?? 0), "DECIMAL '12.50'"),
      (.decimal(Decimal128("-0.05") ?? 0), "DECIMAL '-0.05'"),
      ("it's", "'it''s'"), ("a\\b", "'a\\b'"), ("", "''"), ("a\u{301}'\u{301}", "'a\u{301}''\u{301}'"),
      ("a\n\\'\u{0}", "U&'a\\000A\\\\''\\0000'"), ("\u{1F600}\u{85}", "U&'\u{1F600}\\0085'"),
      (.bytes([0, 255]), "X'00FF'"), (.bytes([]), "X''"),
      (.date(Day(daysSince1970: 0)), "DATE '1970-01-01'"),
      (.date(Day(daysSince1970: -800_000)), "date_add('day', -800000, DATE '1970-01-01')"),
      (.time(TimeOfDay(microsecondsSinceMidnight: 7)), "7"),
      (.timestamp(Timestamp(microsecondsSince1970: -1)), "TIMESTAMP '1969-12-31 23:59:59.999999'"),
      (.localTimestamp(LocalTimestamp(microsecondsSince1970: 0)), "TIMESTAMP '1970-01-01 00:00:00.000000'"),
    ] as [(ColumnValue, String)])
  func literals(value: ColumnValue, sql: String) throws {
    #expect(try AthenaSQL.literal(value) == sql)
  }

  @Test("nested values have no literal")
  func nested() {
    #expect(throws: TokyoDataError.self) { try AthenaSQL.literal(.list([1])) }
  }

  @Test("names are quoted, and columns folded as Hive folds them")
  func names() {
    #expect(AthenaSQL.identifier("a\"B") == "\"a\"\"B\"")
    #expect(AthenaSQL.column("Amount") == "\"amount\"")
    #expect(
      AthenaTable(catalog: "AwsDataCatalog", database: "db", name: "t_versions").sql
        == "\"AwsDataCatalog\".\"db\".\"t_versions\"")
  }

  @Test("literals come back from Athena as they went, in the laboratory")
  func roundTrip() async throws {
    let bench = try await SQLBench()
    let texts = ["it's", "a\\b", "", "a\n\\'\t", "\u{1F600}\u{85}", "?", "--", "NULL"]
    let sql = "SELECT " + texts.map(AthenaSQL.string).joined(separator: ", ")
    #expect(try await bench.rows(AthenaStatement(sql: sql)).rows == [texts])
    let nines = String(repeating: "9", count: 38)
    let numbers: [ColumnValue] = [
      .int(.min), .decimal(try #require(Decimal128(nines))), .decimal(try #require(Decimal128("-0.050"))),
      .double(.nan), .double(.leastNonzeroMagnitude), .bytes([0, 255]),
    ]
    let parameters = try numbers.map { try AthenaSQL.literal($0) }
    let asked = AthenaStatement(sql: "SELECT ?, ?, ?, ?, ?, ?", parameters: parameters)
    #expect(
      try await bench.rows(asked).rows
        == [["-9223372036854775808", nines, "-0.050", "NaN", "5.0E-324", "00 ff"]])
  }
}
