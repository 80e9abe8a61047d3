/// An exact decimal number of at most 38 digits: `unscaled` × 10^−`scale`.
///
/// Equality, order and hash are those of the number (1.5 equals 1.50); `description` keeps the scale.
/// Arithmetic never wraps or rounds silently: what does not fit throws.
public struct Decimal128: Sendable {
  /// The most digits a value may have, as in PostgreSQL-to-lake mappings and Athena.
  public static let maximumPrecision = 38

  // Two words, not one Int128: Swift 6.3.1 leaks stack where a 16-byte aligned value is passed to an async
  // function after its registers are used up (Documentation/Decisions/0010).
  private let high: Int64
  private let low: UInt64
  /// The number of digits after the point, 0 to 38.
  public let scale: Int

  /// Makes a decimal from an integer of at most 38 digits and a scale of 0 to 38.
  ///
  /// - Throws: `ColumnError.decimalOverflow` beyond 38 digits, `.invalidType` for another scale.
  public init(unscaled: Int128, scale: Int) throws(ColumnError) {
    guard (0...Self.maximumPrecision).contains(scale) else {
      throw ColumnError(.invalidType, "a decimal's scale is 0 to 38, not \(scale)")
    }
    guard unscaled.magnitude < Self.limit.magnitude else { throw .decimalOverflow(scale: scale) }
    self.init(unchecked: unscaled, scale: scale)
  }

  /// Makes a decimal of scale 0.
  public init(_ integer: Int64) {
    self.init(unchecked: Int128(integer), scale: 0)
  }

  /// For digits and scales that are known to be within bounds.
  package init(unchecked unscaled: Int128, scale: Int) {
    high = Int64(truncatingIfNeeded: unscaled >> 64)
    low = UInt64(truncatingIfNeeded: unscaled)
    self.scale = scale
  }

  /// The digits as an integer, of magnitude below 10^38.
  public var unscaled: Int128 { Int128(high) << 64 | Int128(low) }

  /// 10^38, the first magnitude that does not fit.
  static let limit: Int128 = powersOfTen[37] * 10

  /// 10^0 … 10^37, all that multiply without a check against a fitting value's scale.
  package static let powersOfTen: [Int128] = {
    var powers: [Int128] = [1]
    for _ in 1...37 { powers.append(powers[powers.count - 1] * 10) }
    return powers
  }()

  /// 10^`exponent` for exponents of 0 to 38.
  package static func powerOfTen(_ exponent: Int) -> Int128 {
    exponent < 38 ? powersOfTen[exponent] : limit
  }

  /// The magnitude is below 10^`precision`.
  package static func fits(_ unscaled: Int128, precision: Int) -> Bool {
    unscaled.magnitude < powerOfTen(precision).magnitude
  }
}

extension Decimal128: Comparable, Hashable {
  /// Both are equal.
  public static func == (left: Decimal128, right: Decimal128) -> Bool {
    left.compare(with: right) == 0
  }

  /// The left one comes first.
  public static func < (left: Decimal128, right: Decimal128) -> Bool {
    left.compare(with: right) < 0
  }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) {
    var digits = unscaled
    var places = scale
    while places > 0, digits % 10 == 0 {
      digits /= 10
      places -= 1
    }
    hasher.combine(digits)
    hasher.combine(places)
  }

  /// Negative, zero or positive as the number is below, equal to or above `other`.
  private func compare(with other: Decimal128) -> Int {
    if scale == other.scale { return unscaled < other.unscaled ? -1 : (unscaled > other.unscaled ? 1 : 0) }
    if scale > other.scale { return -other.compare(with: self) }
    let (scaled, overflow) = unscaled.multipliedReportingOverflow(
      by: Self.powerOfTen(other.scale - scale))
    // Beyond Int128 the magnitude is beyond every fitting value, so the sign decides.
    guard !overflow else { return unscaled.signum() < 0 ? -1 : 1 }
    return scaled < other.unscaled ? -1 : (scaled > other.unscaled ? 1 : 0)
  }
}

extension Decimal128: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(Decimal128.self, expected: "a decimal number as text")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}

extension Decimal128: ExpressibleByIntegerLiteral {
  /// A literal of scale 0.
  public init(integerLiteral value: Int64) { self.init(value) }
}
