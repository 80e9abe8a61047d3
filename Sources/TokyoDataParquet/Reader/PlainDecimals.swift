internal import TokyoDataColumns

struct DecimalFromInteger<Integer: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable>: PlainValue
{
  private let limit: UInt64

  /// Any integer fits a precision of 19 digits or more.
  init(precision: Int) {
    limit = precision > 18 ? .max : UInt64(truncatingIfNeeded: Decimal128.powerOfTen(precision) - 1)
  }

  var width: Int { MemoryLayout<Integer>.size }
  var zero: Int128 { 0 }
  var refusal: String { "a decimal of more digits than its column's" }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int128 {
    let value = Int64(truncatingIfNeeded: Integer(littleEndian: place.loadUnaligned(as: Integer.self)))
    fits = (value.magnitude <= limit) && fits
    return Int128(truncatingIfNeeded: value)
  }
  func storage(_ values: [Int128]) -> ColumnStorage { .decimal(values) }
}

/// Unsigned 64-bit integers, which are decimals of 20 digits.
struct DecimalFromUInt64: PlainValue {
  var width: Int { 8 }
  var zero: Int128 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int128 {
    Int128(truncatingIfNeeded: UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)))
  }
  func storage(_ values: [Int128]) -> ColumnStorage { .decimal(values) }
}

struct DecimalFromBytes: PlainValue {
  let width: Int
  private let limit: UInt128

  init(width: Int, precision: Int) {
    self.width = width
    limit = Decimal128.powerOfTen(precision).magnitude
  }

  var zero: Int128 { 0 }
  var refusal: String { "a decimal of more digits than its column's" }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int128 {
    guard let value = bigEndianInteger(UnsafeRawBufferPointer(start: place, count: width)),
      value.magnitude < limit
    else {
      fits = false
      return 0
    }
    return value
  }
  func storage(_ values: [Int128]) -> ColumnStorage { .decimal(values) }
}
