internal import TokyoDataColumns

extension EncodedStatistics {
  /// Statistics of a chunk; byte strings longer than `limit` are cut to bounds that still hold.
  init(nullCount: Int, bounds: ValueBounds?, of element: ParquetSchemaElement, isText: Bool, limit: Int) {
    self.init()
    self.nullCount = Int64(nullCount)
    guard let bounds else { return }
    switch (bounds.minimum, bounds.maximum) {
    case (.bytes(let low), .bytes(let high)):
      // The bounds are left out one by one: a prefix of 0xff bytes has no cut that is greater.
      minimum = low.count <= limit ? low : BoundTruncation.lower(low, limit: limit, isText: isText)
      maximum = high.count <= limit ? high : BoundTruncation.upper(high, limit: limit, isText: isText)
      isMinimumExact = minimum.map { bounds.isMinimumExact && $0.count == low.count }
      isMaximumExact = maximum.map { bounds.isMaximumExact && $0 == high }
    default:
      minimum = bounds.minimum.encoded(for: element)
      maximum = bounds.maximum.encoded(for: element)
      isMinimumExact = bounds.isMinimumExact
      isMaximumExact = bounds.isMaximumExact
    }
  }
}

extension ValueBounds.Bound {
  /// The bound as the format's PLAIN encoding has it.
  fileprivate func encoded(for element: ParquetSchemaElement) -> [UInt8] {
    switch (self, element.physicalType) {
    case (.integer(let value), .boolean): [value == 0 ? 0 : 1]
    case (.integer(let value), .int32): littleEndian(UInt32(truncatingIfNeeded: value))
    case (.integer(let value), _): littleEndian(UInt64(bitPattern: value))
    case (.double(let value), .float): littleEndian(Float(value).bitPattern)
    case (.double(let value), _): littleEndian(value.bitPattern)
    case (.decimal(let value), .int32): littleEndian(UInt32(truncatingIfNeeded: value))
    case (.decimal(let value), .int64): littleEndian(UInt64(truncatingIfNeeded: value))
    case (.decimal(let value), _):
      withUnsafeBytes(of: value.bigEndian) { Array($0.suffix(Int(element.typeLength ?? 16))) }
    case (.bytes(let value), _): value
    }
  }

  private func littleEndian(_ bits: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: bits.littleEndian) { Array($0) }
  }
}
