internal import TokyoDataColumns

extension ParquetStatistics {
  /// What of a chunk's statistics holds for the values as a reader gives them out.
  init(
    _ encoded: EncodedStatistics, valueCount: Int, element: ParquetSchemaElement, type: ColumnType?,
    hasTypeDefinedOrder: Bool
  ) {
    self.init()
    nullCount = encoded.nullCount.flatMap { (0...Int64(valueCount)).contains($0) ? Int($0) : nil }
    distinctCount = encoded.distinctCount.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    encodedMinimum = encoded.minimum
    encodedMaximum = encoded.maximum
    let physical = element.physicalType
    var (low, high) = (encoded.minimum, encoded.maximum)
    let conversion = try? ValueConversion.reading(element).conversion
    let isUnsigned = conversion == .int64FromUnsigned || conversion == .decimalFromUnsigned
    let isSignedNumber = (physical == .int32 || physical == .int64) && !isUnsigned
    if low == nil, high == nil, isSignedNumber {
      // The deprecated bounds were compared as signed numbers, which is right for these types.
      (low, high) = (encoded.signedMinimum, encoded.signedMaximum)
    } else if !hasTypeDefinedOrder, !isSignedNumber {
      // Without a stated order nobody knows how the bounds were compared.
      return
    }
    guard let type, let conversion, let bounds = Self.bounds(low, high, conversion) else { return }
    minimum = bounds.minimum?.value(of: type)
    maximum = bounds.maximum?.value(of: type)
    let isFixedWidth = physical != .byteArray
    isMinimumExact = minimum != nil && (encoded.isMinimumExact ?? isFixedWidth)
    isMaximumExact = maximum != nil && (encoded.isMaximumExact ?? isFixedWidth)
  }

  private static func bounds(
    _ low: [UInt8]?, _ high: [UInt8]?, _ conversion: ValueConversion
  ) -> (minimum: ValueBounds.Bound?, maximum: ValueBounds.Bound?)? {
    var minimum = low.flatMap { ValueBounds.Bound($0, conversion) }
    var maximum = high.flatMap { ValueBounds.Bound($0, conversion) }
    // One bound that is NaN makes the other worthless too.
    for bytes in [low, high] {
      if let bytes, case .double(let value)? = ValueBounds.Bound(bytes, conversion), value.isNaN {
        return nil
      }
    }
    if let low = minimum, let high = maximum, high < low { return nil }
    if minimum == .double(0) { minimum = .double(-0.0) }
    if maximum == .double(0) { maximum = .double(0.0) }
    return (minimum, maximum)
  }
}

extension ValueBounds.Bound {
  /// Reads a bound of a PLAIN value, converted as the values themselves are; nil where it cannot be one.
  fileprivate init?(_ bytes: [UInt8], _ conversion: ValueConversion) {
    func load<Bits: FixedWidthInteger>(_: Bits.Type) -> Bits? {
      guard bytes.count == MemoryLayout<Bits>.size else { return nil }
      return bytes.withUnsafeBytes { Bits(littleEndian: $0.loadUnaligned(as: Bits.self)) }
    }
    switch conversion {
    case .bool:
      guard bytes.count == 1 else { return nil }
      self = .integer(bytes[0] == 0 ? 0 : 1)
    case .int8, .int16, .int32:
      guard let value = load(Int32.self) else { return nil }
      self = .integer(Int64(value))
    case .int64:
      guard let value = load(Int64.self) else { return nil }
      self = .integer(value)
    case .microsecondsFromMilliseconds:
      guard let value = load(Int64.self) else { return nil }
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 1000)
      guard !overflow else { return nil }
      self = .integer(scaled)
    case .float:
      guard let bits = load(UInt32.self) else { return nil }
      self = .double(Double(Float(bitPattern: bits)))
    case .double:
      guard let bits = load(UInt64.self) else { return nil }
      self = .double(Double(bitPattern: bits))
    case .decimalFromInt32:
      guard let value = load(Int32.self) else { return nil }
      self = .decimal(Int128(value))
    case .decimalFromInt64:
      guard let value = load(Int64.self) else { return nil }
      self = .decimal(Int128(value))
    case .decimalFromFixedBytes, .decimalFromByteArrays:
      guard let value = bytes.withUnsafeBytes({ bigEndianInteger($0) }) else { return nil }
      self = .decimal(value)
    case .byteArrays, .fixedBytes: self = .bytes(bytes)
    case .int64FromUnsigned:
      guard let value = load(UInt32.self) else { return nil }
      self = .integer(Int64(value))
    case .decimalFromUnsigned:
      guard let value = load(UInt64.self) else { return nil }
      self = .decimal(Int128(value))
    case .microsecondsFromMilliseconds32:
      guard let value = load(Int32.self) else { return nil }
      self = .integer(Int64(value) * 1000)
    case .microsecondsFromNanoseconds:
      // Cut down like the values, also where these would be refused.
      guard let value = load(Int64.self) else { return nil }
      self = .integer(value / 1000 - (value % 1000 < 0 ? 1 : 0))
    case .floatFromBinary16:
      guard let bits = load(UInt16.self) else { return nil }
      self = .double(Double(Float16(bitPattern: bits)))
    // The deprecated type has no order, and the bounds of UUIDs are not worth their text.
    case .microsecondsFromInt96, .textFromUUID: return nil
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
