extension Decimal128: LosslessStringConvertible {
  /// Reads `[-+]digits[.digits]`; the digits after the point give the scale.
  public init?(_ description: String) {
    var digits: Int128 = 0
    var scale = 0
    var seen = 0
    var pointSeen = false
    var bytes = description.utf8[...]
    let negative = bytes.first == UInt8(ascii: "-")
    if negative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    for byte in bytes {
      if byte == UInt8(ascii: "."), !pointSeen {
        pointSeen = true
        continue
      }
      guard (48...57).contains(byte) else { return nil }
      let (shifted, overflow) = digits.multipliedReportingOverflow(by: 10)
      guard !overflow, shifted.magnitude < Self.limit.magnitude else { return nil }
      digits = shifted + Int128(byte - 48)
      seen += 1
      if pointSeen { scale += 1 }
    }
    guard seen > 0, let value = try? Decimal128(unscaled: negative ? -digits : digits, scale: scale)
    else { return nil }
    self = value
  }

  /// The number with all digits of its scale, such as `-0.50`.
  public var description: String {
    let digits = String(unscaled.magnitude)
    let sign = unscaled < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
  }
}
