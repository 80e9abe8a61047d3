import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Values as Athena writes them")
struct CellTextTests {
  func read<Value>(_ text: String, _ body: (CellText) -> Value) -> Value {
    var text = text
    return text.withUTF8 { body(CellText(bytes: $0)) }
  }

  @Test(
    "integers are read exactly or not at all",
    arguments: [
      ("0", 0), ("-1", -1), ("999999999999999999", 999_999_999_999_999_999), ("9223372036854775807", .max),
      ("-9223372036854775808", .min), ("9223372036854775808", nil), ("", nil), ("-", nil), ("1.0", nil),
      ("1e3", nil), (" 1", nil), ("١", nil), ("12a", nil),
    ] as [(String, Int64?)])
  func integers(_ text: String, _ value: Int64?) { #expect(read(text) { $0.int64 } == value) }

  @Test("narrow integers do not wrap")
  func narrow() {
    #expect(read("127") { $0.integer(Int8.self) } == 127)
    #expect(read("128") { $0.integer(Int8.self) } == nil)
    #expect(read("-32768") { $0.integer(Int16.self) } == -32_768)
    #expect(read("2147483648") { $0.integer(Int32.self) } == nil)
  }

  @Test(
    "decimals keep every digit, and take none that does not fit",
    arguments: [
      ("0.00", 38, 2, "0.00"), ("-0.01", 38, 2, "-0.01"), ("5", 38, 2, "5.00"), ("5.1", 38, 2, "5.10"),
      ("5.10000", 38, 2, "5.10"), ("5.101", 38, 2, nil), ("123", 2, 0, nil), ("9.99", 3, 2, "9.99"),
      (".", 38, 2, nil), ("", 38, 2, nil), ("1.2.3", 38, 2, nil), ("1E2", 38, 2, nil),
      (
        "99999999999999999999999999999999999999", 38, 0,
        "99999999999999999999999999999999999999"
      ),
      (
        "-0.12345678901234567890123456789012345678", 38, 38,
        "-0.12345678901234567890123456789012345678"
      ), ("100000000000000000000000000000000000000", 38, 0, nil),
      ("123456789012345678", 38, 0, "123456789012345678"),
      ("1234567890123456789", 38, 1, "1234567890123456789.0"),
    ] as [(String, Int, Int, String?)])
  func decimals(_ text: String, _ precision: Int, _ scale: Int, _ value: String?) throws {
    let digits = read(text) { $0.unscaled(precision: precision, scale: scale) }
    #expect(try digits.map { try Decimal128(unscaled: $0, scale: scale).description } == value)
  }

  @Test(
    "floating-point numbers have the bits of the nearest one",
    arguments: [
      "0.0", "-0.0", "1.0", "0.1", "123456.789", "1.0E10", "4.9E-324", "1.7976931348623157E308",
      "2.2250738585072014E-308",
      "0.30000000000000004", "9007199254740993.0", "1.0E23", "8.5E-5", "123456789012345678.0",
      "3.4028234663852886E38",
    ])
  func doubles(_ text: String) {
    #expect(read(text) { $0.double }?.bitPattern == Double(text)?.bitPattern)
    if let float = Float(text), float.isFinite {
      #expect(read(text) { $0.float }?.bitPattern == float.bitPattern)
    }
  }

  @Test("NaN and the infinities have names, and nothing else has")
  func names() {
    #expect(read("NaN") { $0.double }?.isNaN == true)
    #expect(read("Infinity") { $0.double } == .infinity)
    #expect(read("-Infinity") { $0.float } == -.infinity)
    for text in ["nan", "inf", "0x1p3", "1e400", "", "1,5", "1 "] {
      #expect(read(text) { $0.double } == nil, "\(text)")
      #expect(read(text) { $0.float } == nil, "\(text)")
    }
  }

  @Test(
    "timestamps keep three and six digits, days outside 1970 too, and none beyond microseconds",
    arguments: [
      ("1970-01-01 00:00:00.000", 0), ("1970-01-01 00:00:01", 1_000_000),
      ("2026-02-28 23:59:59.999", 1_772_323_199_999_000),
      ("2026-02-28 23:59:59.999999", 1_772_323_199_999_999),
      ("1969-12-31 23:59:59.999", -1_000), ("0001-01-01 00:00:00.000", -62_135_596_800_000_000),
      ("9999-12-31 23:59:59.999999", 253_402_300_799_999_999),
      ("2026-02-28 23:59:59.999999000", 1_772_323_199_999_999),
      ("2026-02-28 23:59:59.9999999", nil), ("2026-02-30 00:00:00.000", nil),
      ("2026-02-28T00:00:00.000", nil),
      ("2026-02-28 24:00:00.000", nil), ("2026-02-28 00:00:00.", nil), ("2026-02-28", nil),
      ("+10000-01-01 00:00:00.000", 253_402_300_800_000_000),
    ] as [(String, Int64?)])
  func timestamps(_ text: String, _ value: Int64?) { #expect(read(text) { $0.microseconds } == value) }

  @Test(
    "instants need a zone that says how far it is from UTC",
    arguments: [
      ("1970-01-01 00:00:00.000 UTC", 0), ("1970-01-01 09:00:00.001 +09:00", 1_000),
      ("1969-12-31 19:00:00.000 -05:00", 0), ("1970-01-01 00:00:00.000 Asia/Tokyo", nil),
      ("1970-01-01 00:00:00.000", nil), ("1970-01-01 00:00:00.000 +0900", nil),
    ] as [(String, Int64?)])
  func instants(_ text: String, _ value: Int64?) { #expect(read(text) { $0.instant } == value) }

  @Test(
    "dates are days of the calendar",
    arguments: [
      ("1970-01-01", 0), ("2024-02-29", 19_782), ("0001-01-01", -719_162), ("2025-02-29", nil), ("", nil),
      ("2026-1-01", nil), ("2026-01-01x", nil), ("+10000-01-01", 2_932_897),
    ] as [(String, Int32?)])
  func dates(_ text: String, _ value: Int32?) { #expect(read(text) { $0.day } == value) }

  @Test(
    "bytes are pairs of digits between spaces",
    arguments: [
      ("", []), ("68", [0x68]), ("68 65 6c", [0x68, 0x65, 0x6C]), ("FF 00", [255, 0]), ("6", nil),
      ("68 6", nil),
      ("6865", nil), ("68-65", nil), ("gg", nil),
    ] as [(String, [UInt8]?)])
  func bytes(_ text: String, _ value: [UInt8]?) { #expect(read(text) { $0.hexadecimal } == value) }

  @Test("thousands of random numbers are read as Swift reads them, whatever their length")
  func randomDoubles() {
    var generator = SeededGenerator(7)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let text = "\(value)".uppercased().replacing("E+", with: "E")
      #expect(read(text) { $0.double }?.bitPattern == value.bitPattern, "\(text)")
      let short = Double(Int64.random(in: -1_000_000...1_000_000, using: &generator)) / 1_000
      #expect(read("\(short)") { $0.double }?.bitPattern == short.bitPattern, "\(short)")
    }
  }
}
