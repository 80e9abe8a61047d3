import Testing
import TokyoDataColumns

@Suite("Decimals")
struct Decimal128Tests {
  static let nines = String(repeating: "9", count: 38)

  @Test(
    "a decimal's text reads back with its scale",
    arguments: [
      "0", "1", "-1", "0.5", "-0.50", "12.340", nines, "-" + nines, "0." + nines,
      "1" + String(repeating: "0", count: 37), "0.00000000000000000000000000000000000001",
    ])
  func text(text: String) throws {
    let value = try #require(Decimal128(text))
    #expect(value.description == text)
  }

  @Test(
    "other ways to write a number read too",
    arguments: [("+1.5", "1.5"), (".5", "0.5"), ("5.", "5"), ("007", "7"), ("-0", "0"), ("-0.0", "0.0")])
  func variants(text: String, canonical: String) throws {
    #expect(Decimal128(text)?.description == canonical)
  }

  @Test(
    "what is no decimal of 38 digits is refused",
    arguments: [
      "", "-", ".", "1.2.3", "1e5", " 1", "1 ", "1,5", "NaN", "Infinity", "--1", "1-", "٣",
      "1" + nines, "0.0" + nines, "1" + String(repeating: "0", count: 38),
    ])
  func refused(text: String) {
    #expect(Decimal128(text) == nil)
  }

  @Test("digits and scales out of bounds are errors")
  func bounds() throws {
    let limit = try #require(Int128("1" + String(repeating: "0", count: 38)))
    #expect(throws: ColumnError.self) { try Decimal128(unscaled: limit, scale: 0) }
    #expect(throws: ColumnError.self) { try Decimal128(unscaled: -limit, scale: 0) }
    #expect(throws: ColumnError.self) { try Decimal128(unscaled: 0, scale: 39) }
    #expect(throws: ColumnError.self) { try Decimal128(unscaled: 0, scale: -1) }
    #expect(try Decimal128(unscaled: limit - 1, scale: 38).description == "0." + Self.nines)
  }

  @Test(
    "numbers compare as numbers, whatever their scales",
    arguments: [
      ("1.5", "1.50", 0), ("1.5", "1.51", -1), ("-1.5", "1.5", -1), ("0", "-0.00", 0),
      (nines, "0." + nines, 1), ("-" + nines, "0." + nines, -1), (nines, nines, 0),
      ("0.00000000000000000000000000000000000001", "0", 1), ("2", "1.99999999999999999999999999999999999", 1),
    ])
  func compare(left: String, right: String, order: Int) throws {
    let (a, b) = (try #require(Decimal128(left)), try #require(Decimal128(right)))
    #expect((a < b) == (order < 0))
    #expect((a == b) == (order == 0))
    #expect((b < a) == (order > 0))
    if order == 0 { #expect(a.hashValue == b.hashValue) }
  }

  @Test(
    "halves round away from zero",
    arguments: [
      ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("2.4", 0, "2"), ("-2.4", 0, "-2"), ("0.05", 1, "0.1"),
      ("0.049", 1, "0.0"), ("-0.05", 1, "-0.1"), ("9.99", 1, "10.0"), ("1.5", 3, "1.500"),
      ("0.5", 0, "1"), ("0.4", 0, "0"), ("0." + nines, 0, "1"),
      ("0." + nines, 37, "1." + String(repeating: "0", count: 37)),
    ])
  func rounding(text: String, scale: Int, expected: String) throws {
    #expect(try #require(Decimal128(text)).rounded(to: scale).description == expected)
  }

  @Test("rescaling loses nothing or throws")
  func rescaling() throws {
    #expect(try #require(Decimal128("1.50")).rescaled(to: 1).description == "1.5")
    #expect(try #require(Decimal128("1.5")).rescaled(to: 4).description == "1.5000")
    #expect(throws: ColumnError.self) { try #require(Decimal128("1.55")).rescaled(to: 1) }
    #expect(throws: ColumnError.self) { try #require(Decimal128(Self.nines)).rescaled(to: 1) }
    #expect(throws: ColumnError.self) { try Decimal128(1).rescaled(to: 39) }
    #expect(throws: ColumnError.self) { try Decimal128(1).rounded(to: -1) }
  }

  @Test(
    "sums, differences and products are exact",
    arguments: [
      ("1.5", "0.25", "1.75", "1.25", "0.375"), ("-1.50", "1.5", "0.00", "-3.00", "-2.250"),
      ("0", "0.000", "0.000", "0.000", "0.000"),
      (
        "9999999999", "9999999999", "19999999998", "0",
        "99999999980000000001"
      ),
    ])
  func arithmetic(left: String, right: String, sum: String, difference: String, product: String) throws {
    let (a, b) = (try #require(Decimal128(left)), try #require(Decimal128(right)))
    #expect(try a.adding(b).description == sum)
    #expect(try a.subtracting(b).description == difference)
    #expect(try a.multiplied(by: b).description == product)
  }

  @Test("arithmetic beyond 38 digits throws and never wraps")
  func overflow() throws {
    let most = try #require(Decimal128(Self.nines))
    #expect(throws: ColumnError.self) { try most.adding(1) }
    #expect(throws: ColumnError.self) { try most.negated.subtracting(1) }
    #expect(throws: ColumnError.self) { try most.multiplied(by: 2) }
    #expect(throws: ColumnError.self) { try most.multiplied(by: most) }
    #expect(throws: ColumnError.self) { try most.adding(#require(Decimal128("0.1"))) }
    #expect(try most.adding(0) == most)
    #expect(try most.subtracting(most) == 0)
  }

  @Test(
    "means have six more places, rounded half away from zero",
    arguments: [
      ("1", 3, "0.333333"), ("2", 3, "0.666667"), ("-2", 3, "-0.666667"), ("0.01", 2, "0.00500000"),
      ("1", 2_000_000, "0.000001"), ("-1", 2_000_000, "-0.000001"), ("1", 2_000_001, "0.000000"),
      ("99999999999999999999999999999999", 1, "99999999999999999999999999999999.000000"),
      ("0.00", 7, "0.00000000"),
    ])
  func mean(sum: String, count: Int64, expected: String) throws {
    #expect(try #require(Decimal128(sum)).mean(of: count).description == expected)
  }

  @Test("a mean that needs more than 38 digits, or of nothing, throws")
  func meanOverflow() throws {
    #expect(throws: ColumnError.self) { try #require(Decimal128(Self.nines)).mean(of: 1) }
    #expect(throws: ColumnError.self) { try Decimal128(1).mean(of: 0) }
    #expect(try #require(Decimal128(Self.nines)).mean(of: 10_000_000).scale == 6)
  }

  @Test("the greatest number of a scale that is not above")
  func floors() throws {
    func floor(_ unscaled: Int128, _ scale: Int, at other: Int) throws -> String? {
      try Decimal128(unscaled: unscaled, scale: scale).floor(at: other).map { "\($0.digits) \($0.isExact)" }
    }
    #expect(try floor(125, 2, at: 2) == "125 true")
    #expect(try floor(125, 2, at: 4) == "12500 true")
    #expect(try floor(125, 2, at: 1) == "12 false")
    #expect(try floor(-125, 2, at: 1) == "-13 false")
    #expect(try floor(-120, 2, at: 1) == "-12 true")
    #expect(try floor(Decimal128.powerOfTen(38) - 1, 0, at: 5) == nil)
  }
}
