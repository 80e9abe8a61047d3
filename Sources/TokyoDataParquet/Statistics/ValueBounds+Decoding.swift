internal import TokyoDataColumns

extension ParquetStatistics {
  /// What of the statistics of a chunk, or of a page, holds for the values as a reader gives them out.
  init(
    _ encoded: EncodedStatistics, valueCount: Int, element: ParquetSchemaElement, type: ColumnType?,
    order: ParquetColumnOrder?
  ) {
    self.init()
    func count(_ stated: Int64?) -> Int? {
      stated.flatMap { (0...Int64(valueCount)).contains($0) ? Int($0) : nil }
    }
    nullCount = count(encoded.nullCount)
    distinctCount = encoded.distinctCount.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    encodedMinimum = encoded.minimum
    encodedMaximum = encoded.maximum
    guard let type, let conversion = try? ValueConversion.reading(element).conversion else { return }
    if conversion.isFloatingPoint { nanCount = count(encoded.nanCount) }
    var (low, high) = (encoded.minimum, encoded.maximum)
    if low == nil, high == nil, conversion.isSignedInteger {
      // The deprecated bounds were compared as signed numbers, which is right for these types.
      (low, high) = (encoded.signedMinimum, encoded.signedMaximum)
    } else {
      // Without an order nobody knows how the bounds were compared; of signed numbers there is but one.
      guard order?.isKnown(for: conversion) ?? conversion.isSignedInteger else { return }
    }
    guard let bounds = Self.bounds(low, high, conversion) else { return }
    minimum = bounds.minimum?.value(of: type)
    maximum = bounds.maximum?.value(of: type)
    let isWhole = element.physicalType != .byteArray
    isMinimumExact =
      minimum != nil && (encoded.isMinimumExact ?? isWhole) && conversion.isExact(low, of: .minimum)
    isMaximumExact =
      maximum != nil && (encoded.isMaximumExact ?? isWhole) && conversion.isExact(high, of: .maximum)
  }

  private static func bounds(
    _ low: [UInt8]?, _ high: [UInt8]?, _ conversion: ValueConversion
  ) -> (minimum: ValueBounds.Bound?, maximum: ValueBounds.Bound?)? {
    var minimum = low.flatMap { ValueBounds.Bound($0, conversion, .minimum) }
    var maximum = high.flatMap { ValueBounds.Bound($0, conversion, .maximum) }
    for case .double(let value)? in [minimum, maximum] where value.isNaN {
      // One bound that is NaN makes the other worthless too.
      return nil
    }
    if let low = minimum, let high = maximum, high < low { return nil }
    // Either zero may stand for both.
    if minimum == .double(0) { minimum = .double(-0.0) }
    if maximum == .double(0) { maximum = .double(0.0) }
    return (minimum, maximum)
  }
}

/// Which of the two bounds.
enum BoundSide {
  case minimum, maximum
}

extension ValueConversion {
  var isFloatingPoint: Bool { self == .float || self == .double || self == .floatFromBinary16 }

  /// The values lie in the file as signed integers, which compare as the column's values do.
  fileprivate var isSignedInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .microsecondsFromMilliseconds32, .microsecondsFromMilliseconds,
      .microsecondsFromNanoseconds, .decimalFromInt32, .decimalFromInt64:
      true
    default: false
    }
  }

  /// Converting the bound left nothing of it behind.
  fileprivate func isExact(_ bytes: [UInt8]?, of side: BoundSide) -> Bool {
    guard self == .microsecondsFromNanoseconds, let bytes else { return true }
    let other: BoundSide = side == .minimum ? .maximum : .minimum
    return ValueBounds.Bound(bytes, self, side) == ValueBounds.Bound(bytes, self, other)
  }
}

extension ValueBounds.Bound {
  /// Reads a bound of a PLAIN value, converted as the values themselves are; nil where it cannot be one.
  init?(_ bytes: [UInt8], _ conversion: ValueConversion, _ side: BoundSide) {
    func load<Bits: FixedWidthInteger>(_: Bits.Type) -> Bits? {
      guard bytes.count == MemoryLayout<Bits>.size else { return nil }
      return bytes.withUnsafeBytes { Bits(littleEndian: $0.loadUnaligned(as: Bits.self)) }
    }
    let bound: ValueBounds.Bound? =
      switch conversion {
      case .bool: bytes.count == 1 && bytes[0] <= 1 ? .integer(Int64(bytes[0])) : nil
      case .int8, .int16, .int32: load(Int32.self).map { .integer(Int64($0)) }
      case .int64: load(Int64.self).map { .integer($0) }
      case .int64FromUnsigned: load(UInt32.self).map { .integer(Int64($0)) }
      case .decimalFromUnsigned: load(UInt64.self).map { .decimal(Int128($0)) }
      case .microsecondsFromMilliseconds32: load(Int32.self).map { .integer(Int64($0) * 1000) }
      case .microsecondsFromMilliseconds: load(Int64.self).flatMap { Self.milliseconds($0) }
      case .microsecondsFromNanoseconds: load(Int64.self).map { Self.nanoseconds($0, side) }
      case .float: load(UInt32.self).map { .double(Double(Float(bitPattern: $0))) }
      case .double: load(UInt64.self).map { .double(Double(bitPattern: $0)) }
      case .floatFromBinary16: Self.binary16(bytes)
      case .decimalFromInt32: load(Int32.self).map { .decimal(Int128($0)) }
      case .decimalFromInt64: load(Int64.self).map { .decimal(Int128($0)) }
      case .decimalFromFixedBytes(let length, _):
        bytes.count == length ? bytes.withUnsafeBytes { bigEndianInteger($0) }.map { .decimal($0) } : nil
      case .decimalFromByteArrays: bytes.withUnsafeBytes { bigEndianInteger($0) }.map { .decimal($0) }
      case .byteArrays: .bytes(bytes)
      case .fixedBytes(let length): bytes.count <= length ? .bytes(bytes) : nil
      case .textFromUUID: UUIDText.text(bytes).map { .bytes($0) }
      // The bounds of the deprecated type are in no order that all writers agree on.
      case .microsecondsFromInt96: nil
      }
    guard let bound else { return nil }
    self = bound
  }

  private static func milliseconds(_ value: Int64) -> Self? {
    let (scaled, overflow) = value.multipliedReportingOverflow(by: 1000)
    return overflow ? nil : .integer(scaled)
  }

  /// Whole microseconds: below for a minimum, above for a maximum, whatever becomes of the values' rest.
  private static func nanoseconds(_ value: Int64, _ side: BoundSide) -> Self {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: 1000)
    switch side {
    case .minimum: return .integer(rest < 0 ? quotient - 1 : quotient)
    case .maximum: return .integer(rest > 0 ? quotient + 1 : quotient)
    }
  }

  private static func binary16(_ bytes: [UInt8]) -> Self? {
    let half = FloatFromBinary16()
    guard bytes.count == half.width else { return nil }
    var fits = true
    return bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { .double(Double(half.value(at: $0, &fits))) }
    }
  }
}

/// A two's complement number of any length, the highest byte first; nil without bytes or beyond 128 bits.
@inline(__always)
func bigEndianInteger(_ bytes: UnsafeRawBufferPointer) -> Int128? {
  guard let first = bytes.first else { return nil }
  let isNegative = first >= 0x80
  var value: Int128 = isNegative ? -1 : 0
  let spare = max(0, bytes.count - 16)
  for index in 0..<spare where bytes[index] != (isNegative ? 0xff : 0) { return nil }
  for index in spare..<bytes.count { value = value << 8 | Int128(bytes[index]) }
  if spare > 0, (value < 0) != isNegative { return nil }
  return value
}
