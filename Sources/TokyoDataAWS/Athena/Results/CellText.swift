internal import TokyoDataCore

/// The text of one value as Athena writes it, lent for the time of a call.
///
/// Every reading is exact or nil: nothing is rounded, cut off or guessed.
struct CellText {
  let bytes: UnsafeBufferPointer<UInt8>

  var string: String { String(decoding: bytes, as: UTF8.self) }

  func equals(_ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount
      && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  var bool: Bool? { equals("true") ? true : equals("false") ? false : nil }

  var int64: Int64? {
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    guard bytes.count - position > 0 else { return nil }
    // Eighteen digits cannot overflow.
    guard bytes.count - position <= 18 else { return Int64(string) }
    var value: Int64 = 0
    while position < bytes.count {
      let digit = bytes[position] &- 48
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
      position += 1
    }
    return isNegative ? -value : value
  }

  func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
    int64.flatMap { Integer(exactly: $0) }
  }

  /// The digits of a decimal at a scale, if it has no more places than that but zeros, and fits the precision.
  func unscaled(precision: Int, scale: Int) -> Int128? {
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    // Of two words only where one does not do.
    var (short, long): (Int64, Int128) = (0, 0)
    var (digits, places): (Int, Int?) = (0, nil)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "."), places == nil {
        places = 0
        continue
      }
      let digit = byte &- 48
      guard digit < 10 else { return nil }
      if let count = places {
        guard count < scale else {
          guard digit == 0 else { return nil }
          digits += 1
          continue
        }
        places = count + 1
      }
      digits += 1
      if digits <= 18 {
        short = short &* 10 &+ Int64(digit)
        if digits == 18 { long = Int128(short) }
      } else {
        let (scaled, overflow) = long.multipliedReportingOverflow(by: 10)
        guard !overflow, scaled.magnitude < Decimal128.powerOfTen(38).magnitude else { return nil }
        long = scaled + Int128(digit)
      }
    }
    guard digits > 0 else { return nil }
    var value = digits < 18 ? Int128(short) : long
    let missing = scale - (places ?? 0)
    if missing > 0 {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: Decimal128.powerOfTen(missing))
      guard !overflow else { return nil }
      value = scaled
    }
    guard Decimal128.fits(value, precision: precision) else { return nil }
    return isNegative ? -value : value
  }

  var double: Double? {
    if let (mantissa, exponent) = shortNumber, mantissa.magnitude < 1 << 53, (-22...22).contains(exponent) {
      // Both are exact as doubles, so that one division or multiplication rounds as the number itself does.
      let power = Self.powers[abs(exponent)]
      let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
      return bytes.first == UInt8(ascii: "-") && mantissa == 0 ? -0.0 : value
    }
    if equals("NaN") { return .nan }
    if equals("Infinity") { return .infinity }
    if equals("-Infinity") { return -.infinity }
    guard isDecimalNumber, let value = Double(string), value.isFinite else { return nil }
    return value
  }

  var float: Float? {
    if equals("NaN") { return .nan }
    if equals("Infinity") { return .infinity }
    if equals("-Infinity") { return -.infinity }
    // Not by way of a double, which would round twice.
    guard isDecimalNumber, let value = Float(string), value.isFinite else { return nil }
    return value
  }

  var day: Int32? {
    if bytes.count == 10, let days = date(at: 0) { return Int32(truncatingIfNeeded: days) }
    return bytes.isEmpty ? nil : Day(string)?.daysSince1970
  }

  /// Microseconds since 1970 of a date and time without zone; digits beyond them must be zeros.
  var microseconds: Int64? {
    guard bytes.count >= 19, bytes[10] == UInt8(ascii: " "), let days = date(at: 0),
      let time = timeOfDay(at: 11)
    else {
      // Years of more digits, or before Christ.
      return string.contains(" ") ? LocalTimestamp(string)?.microsecondsSince1970 : nil
    }
    return Int64(days) * CivilCalendar.microsecondsPerDay + time
  }

  /// Microseconds since midnight.
  var timeOfDay: Int64? { bytes.count >= 8 ? timeOfDay(at: 0) : nil }

  /// An instant with its zone: `UTC`, or an offset.
  var instant: Int64? {
    guard let space = bytes.lastIndex(of: UInt8(ascii: " ")), space > 10,
      let local = CellText(bytes: UnsafeBufferPointer(rebasing: bytes[..<space])).microseconds
    else { return nil }
    let zone = CellText(bytes: UnsafeBufferPointer(rebasing: bytes[(space + 1)...]))
    if zone.equals("UTC") || zone.equals("Z") { return local }
    guard zone.bytes.count == 6, zone.bytes[3] == UInt8(ascii: ":"), let hours = zone.number(at: 1, 2),
      let minutes = zone.number(at: 4, 2), hours <= 18, minutes < 60,
      zone.bytes[0] == UInt8(ascii: "+") || zone.bytes[0] == UInt8(ascii: "-")
    else { return nil }
    let offset = Int64(hours * 60 + minutes) * 60_000_000
    return zone.bytes[0] == UInt8(ascii: "+") ? local - offset : local + offset
  }

  /// Bytes in pairs of hexadecimal digits between spaces.
  var hexadecimal: [UInt8]? {
    guard !bytes.isEmpty else { return [] }
    guard bytes.count % 3 == 2 else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 3 + 1)
    for position in stride(from: 0, to: bytes.count, by: 3) {
      guard let high = Self.hexDigit(bytes[position]), let low = Self.hexDigit(bytes[position + 1]),
        position + 2 == bytes.count || bytes[position + 2] == UInt8(ascii: " ")
      else { return nil }
      result.append(high << 4 | low)
    }
    return result
  }
}

extension CellText {
  /// `YYYY-MM-DD` as days since 1970.
  private func date(at start: Int) -> Int? {
    guard bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
      let year = number(at: start, 4), let month = number(at: start + 5, 2), (1...12).contains(month),
      let day = number(at: start + 8, 2), day >= 1, day <= CivilCalendar.daysInMonth(year: year, month: month)
    else { return nil }
    return CivilCalendar.daysSince1970(year: year, month: month, day: day)
  }

  /// `HH:MM:SS`, and any digits behind a point, to the end.
  private func timeOfDay(at start: Int) -> Int64? {
    guard bytes[start + 2] == UInt8(ascii: ":"), bytes[start + 5] == UInt8(ascii: ":"),
      let hour = number(at: start, 2), hour < 24, let minute = number(at: start + 3, 2), minute < 60,
      let second = number(at: start + 6, 2), second < 60
    else { return nil }
    var value = Int64((hour * 60 + minute) * 60 + second)
    var places = 0
    if bytes.count > start + 8 {
      guard bytes[start + 8] == UInt8(ascii: "."), bytes.count > start + 9 else { return nil }
      for byte in bytes[(start + 9)...] {
        let digit = byte &- 48
        guard digit < 10 else { return nil }
        if places < 6 {
          value = value * 10 + Int64(digit)
          places += 1
        } else if digit != 0 {
          return nil
        }
      }
    }
    for _ in places..<6 { value *= 10 }
    return value
  }

  private func number(at start: Int, _ count: Int) -> Int? {
    var value = 0
    for position in start..<start + count {
      let digit = bytes[position] &- 48
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int(digit)
    }
    return value
  }

  /// A number of at most eighteen digits as an integer and a power of ten.
  private var shortNumber: (mantissa: Int64, exponent: Int)? {
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    var (mantissa, digits, exponent): (Int64, Int, Int) = (0, 0, 0)
    var isBehindPoint = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "."), !isBehindPoint {
        isBehindPoint = true
      } else if byte == UInt8(ascii: "E") {
        let rest = CellText(bytes: UnsafeBufferPointer(rebasing: bytes[(position + 1)...]))
        guard rest.bytes.count <= 4, let power = rest.int64 else { return nil }
        exponent += Int(power)
        break
      } else {
        let digit = byte &- 48
        guard digit < 10, digits < 18 else { return nil }
        mantissa = mantissa &* 10 &+ Int64(digit)
        digits += 1
        if isBehindPoint { exponent -= 1 }
      }
      position += 1
    }
    return digits == 0 ? nil : (isNegative ? -mantissa : mantissa, exponent)
  }

  /// Digits, a point and an exponent alone: Swift's own reading also takes hexadecimal numbers and names.
  private var isDecimalNumber: Bool {
    !bytes.isEmpty && bytes.count <= 400
      && bytes.allSatisfy {
        ($0 &- 48) < 10
          || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "E")].contains($0)
      }
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
  }

  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
}
