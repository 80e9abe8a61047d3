internal import TokyoDataCore

/// `numeric` in binary: a count of digits, a weight, a sign, a display scale, then digits to base 10000,
/// the first worth 10000^weight (PostgreSQL, `numeric_send` in `src/backend/utils/adt/numeric.c`).
enum NumericWire {
  static let negative: UInt16 = 0x4000

  /// The sign says neither NaN nor infinity; true too where there is none, for `decode` to refuse.
  static func isFinite(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 6 else { return true }
    let sign = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    return sign != 0xC000 && sign != 0xD000 && sign != 0xF000
  }

  /// The value's digits at a column's scale.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` for NaN, infinities, digits behind the scale and digits
  ///   beyond the precision; `.protocolViolation` for bytes that are no numeric.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, precision: Int, scale: Int
  ) throws(PostgresError) -> Int128 {
    var wire = WireBytes(bytes)
    guard let count = wire.integer(UInt16.self), let weight = wire.integer(Int16.self),
      let sign = wire.integer(UInt16.self), wire.integer(UInt16.self) != nil
    else { throw malformed }
    switch sign {
    case 0, negative: break
    case 0xC000, 0xD000, 0xF000: throw notFinite
    default: throw malformed
    }
    guard wire.rest.count == 2 * Int(count) else { throw malformed }

    // The power of ten that the next digit's ones are worth, in units of the column's last place.
    var exponent = 4 * Int(weight) + scale
    // The last digit is worth 10^exponent; 18 decimal digits and more overflow Int64, so few digits take the
    // short way.
    var small: Int64 = 0
    var large: Int128 = 0
    for index in 0..<Int(count) {
      guard let digit = wire.integer(UInt16.self), digit < 10_000 else { throw malformed }
      if exponent >= 0 {
        if index < 4 {
          small = small &* 10_000 &+ Int64(digit)
          large = Int128(small)
        } else {
          large = try extended(large, by: 10_000, adding: Int128(digit))
        }
      } else if exponent > -4 {
        let divisor = lowPowers[-exponent]
        guard Int(digit) % divisor == 0 else { throw lostDigits(scale) }
        large = try extended(large, by: Int128(10_000 / divisor), adding: Int128(Int(digit) / divisor))
      } else if digit != 0 {
        throw lostDigits(scale)
      }
      exponent -= 4
    }
    let trailing = exponent + 4
    if trailing > 0, large != 0 {
      guard trailing <= 38 else { throw tooManyDigits(precision) }
      large = try extended(large, by: Decimal128.powerOfTen(trailing), adding: 0)
    }
    guard Decimal128.fits(large, precision: precision) else { throw tooManyDigits(precision) }
    return sign == negative ? -large : large
  }

  /// Adds the bytes of a number.
  static func encode(_ value: Decimal128, into bytes: inout [UInt8]) {
    let scale = value.scale
    let magnitude = value.unscaled.magnitude
    let unit = Decimal128.powerOfTen(scale).magnitude
    var (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: unit)
    var digits: [UInt16] = []
    while whole > 0 {
      digits.append(UInt16(whole % 10_000))
      whole /= 10_000
    }
    digits.reverse()
    var weight = digits.count - 1
    var left = scale
    while left > 0 {
      // The last group of the fraction may have fewer than four places.
      let places = min(4, left)
      let below = Decimal128.powerOfTen(left - places).magnitude
      digits.append(UInt16(fraction / below) * UInt16(lowPowers[4 - places]))
      fraction %= below
      left -= places
    }
    let leadingZeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leadingZeros)
    weight -= leadingZeros
    while digits.last == 0 { digits.removeLast() }
    bytes.append(bigEndian: Int16(digits.count))
    bytes.append(bigEndian: Int16(digits.isEmpty ? 0 : weight))
    bytes.append(bigEndian: value.unscaled < 0 ? negative : 0)
    bytes.append(bigEndian: UInt16(scale))
    for digit in digits { bytes.append(bigEndian: digit) }
  }

  private static let lowPowers = [1, 10, 100, 1000, 10_000]

  private static func extended(
    _ value: Int128, by factor: Int128, adding digit: Int128
  ) throws(PostgresError) -> Int128 {
    let (product, overflow) = value.multipliedReportingOverflow(by: factor)
    let (sum, overflows) = product.addingReportingOverflow(digit)
    guard !overflow, !overflows else { throw tooManyDigits(Decimal128.maximumPrecision) }
    return sum
  }

  static var notFinite: PostgresError {
    PostgresError(.valueNotRepresentable, "a NaN or infinite number has no place in a decimal column")
  }

  private static var malformed: PostgresError {
    PostgresError(.protocolViolation, "the bytes of a numeric value are malformed")
  }

  private static func lostDigits(_ scale: Int) -> PostgresError {
    PostgresError(.valueNotRepresentable, "a value has more than \(scale) digits after the point")
  }

  private static func tooManyDigits(_ precision: Int) -> PostgresError {
    PostgresError(.valueNotRepresentable, "a value has more than \(precision) digits")
  }
}
