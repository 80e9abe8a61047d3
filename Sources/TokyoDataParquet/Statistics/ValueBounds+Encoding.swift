internal import TokyoDataColumns

extension EncodedStatistics {
  /// Statistics of a chunk; byte strings longer than `limit` are cut to bounds that still hold.
  init(nullCount: Int, bounds: ValueBounds?, of element: ParquetSchemaElement, isText: Bool, limit: Int) {
    self.init()
    self.nullCount = Int64(nullCount)
    guard let bounds else { return }
    // There are no bounds beside NaN, and readers must be told that there is none.
    if case .double = bounds.minimum { nanCount = 0 }
    // The bounds are left out one by one: a prefix of 0xff bytes has no cut that is greater.
    if let low = bounds.minimum.cutDown(to: limit, isText: isText) {
      minimum = low.encoded(for: element)
      isMinimumExact = bounds.isMinimumExact && low == bounds.minimum
    }
    if let high = bounds.maximum.cutUp(to: limit, isText: isText) {
      maximum = high.encoded(for: element)
      isMaximumExact = bounds.isMaximumExact && high == bounds.maximum
    }
  }
}

extension ValueBounds {
  /// Bounds of at most `limit` bytes that still hold; a whole value where no shorter one does.
  func cut(to limit: Int, isText: Bool) -> ValueBounds {
    ValueBounds(
      minimum: minimum.cutDown(to: limit, isText: isText) ?? minimum,
      maximum: maximum.cutUp(to: limit, isText: isText) ?? maximum)
  }
}

extension ValueBounds.Bound {
  /// A bound below, of at most `limit` bytes; nil where there is none.
  fileprivate func cutDown(to limit: Int, isText: Bool) -> Self? {
    guard case .bytes(let value) = self, value.count > limit else { return self }
    return BoundTruncation.lower(value, limit: limit, isText: isText).map { .bytes($0) }
  }

  /// A bound above, of at most `limit` bytes; nil where there is none.
  fileprivate func cutUp(to limit: Int, isText: Bool) -> Self? {
    guard case .bytes(let value) = self, value.count > limit else { return self }
    return BoundTruncation.upper(value, limit: limit, isText: isText).map { .bytes($0) }
  }

  /// The bound as the format's PLAIN encoding has it.
  func encoded(for element: ParquetSchemaElement) -> [UInt8] {
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
