internal import TokyoDataColumns

/// The hash of a value as bloom filters keep it: XXH64 with seed 0 of its PLAIN bytes, without a length.
enum BloomHash {
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 { XXH64.hash(bytes, seed: 0) }

  static func hash(_ bits: some FixedWidthInteger) -> UInt64 {
    withUnsafeBytes(of: bits.littleEndian) { hash($0) }
  }

  /// The hashes that values equal to a bound have in a chunk; nil where they cannot be foretold.
  static func hashes(
    _ value: ValueBounds.Bound, _ conversion: ValueConversion
  ) -> [UInt64]? {
    switch (value, conversion) {
    case (.integer(let value), .int8), (.integer(let value), .int16), (.integer(let value), .int32):
      [hash(Int32(truncatingIfNeeded: value))]
    case (.integer(let value), .int64FromUnsigned): [hash(UInt32(truncatingIfNeeded: value))]
    case (.integer(let value), .int64): [hash(value)]
    case (.integer(let value), .microsecondsFromMilliseconds32):
      milliseconds(value).map { [hash(Int32(truncatingIfNeeded: $0))] } ?? []
    case (.integer(let value), .microsecondsFromMilliseconds):
      milliseconds(value).map { [hash($0)] } ?? []
    case (.decimal(let value), .decimalFromUnsigned): [hash(UInt64(truncatingIfNeeded: value))]
    // Zeros of both signs are equal, and have different bits.
    case (.double(let value), .float):
      value == 0 ? [hash(UInt32(0)), hash(UInt32(1) << 31)] : [hash(Float(value).bitPattern)]
    case (.double(let value), .double):
      value == 0 ? [hash(UInt64(0)), hash(UInt64(1) << 63)] : [hash(value.bitPattern)]
    case (.decimal(let value), .decimalFromInt32): [hash(Int32(truncatingIfNeeded: value))]
    case (.decimal(let value), .decimalFromInt64): [hash(Int64(truncatingIfNeeded: value))]
    case (.decimal(let value), .decimalFromFixedBytes(let length, _)) where length <= 16:
      withUnsafeBytes(of: value.bigEndian) { [hash(UnsafeRawBufferPointer(rebasing: $0.suffix(length)))] }
    case (.bytes(let value), .byteArrays), (.bytes(let value), .fixedBytes):
      value.withUnsafeBytes { [hash($0)] }
    case (.bytes(let text), .textFromUUID): hash(uuid: text).map { [$0] }
    default: nil
    }
  }

  /// Nil for what no whole number of milliseconds is equal to.
  private static func milliseconds(_ microseconds: Int64) -> Int64? {
    microseconds.isMultiple(of: 1000) ? microseconds / 1000 : nil
  }

  private static func hash(uuid text: [UInt8]) -> UInt64? {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { bytes in
      let isUUID = text.withUnsafeBytes { UUIDText.parse($0, into: bytes, at: 0) }
      return isUUID ? hash(UnsafeRawBufferPointer(bytes)) : nil
    }
  }
}
