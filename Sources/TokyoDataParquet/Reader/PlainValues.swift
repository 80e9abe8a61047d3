internal import TokyoDataColumns

/// How a value of fixed width lies in the file and what it becomes in a column.
protocol PlainValue: Sendable {
  associatedtype Value: BitwiseCopyable & Sendable
  /// The bytes of a value in the file.
  var width: Int { get }
  var zero: Value { get }
  /// The value at a place that holds `width` bytes, or nil where the column cannot keep it.
  func value(at place: UnsafeRawPointer) -> Value?
  func storage(_ values: [Value]) -> ColumnStorage
}

struct PlainInt32: PlainValue {
  var width: Int { 4 }
  var zero: Int32 { 0 }
  func value(at place: UnsafeRawPointer) -> Int32? {
    Int32(littleEndian: place.loadUnaligned(as: Int32.self))
  }
  func storage(_ values: [Int32]) -> ColumnStorage { .int32(values) }
}

struct PlainInt64: PlainValue {
  var width: Int { 8 }
  var zero: Int64 { 0 }
  func value(at place: UnsafeRawPointer) -> Int64? {
    Int64(littleEndian: place.loadUnaligned(as: Int64.self))
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

struct PlainFloat: PlainValue {
  var width: Int { 4 }
  var zero: Float { 0 }
  func value(at place: UnsafeRawPointer) -> Float? {
    Float(bitPattern: UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)))
  }
  func storage(_ values: [Float]) -> ColumnStorage { .float(values) }
}

struct PlainDouble: PlainValue {
  var width: Int { 8 }
  var zero: Double { 0 }
  func value(at place: UnsafeRawPointer) -> Double? {
    Double(bitPattern: UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)))
  }
  func storage(_ values: [Double]) -> ColumnStorage { .double(values) }
}

struct Int16FromInt32: PlainValue {
  var width: Int { 4 }
  var zero: Int16 { 0 }
  func value(at place: UnsafeRawPointer) -> Int16? {
    Int16(exactly: Int32(littleEndian: place.loadUnaligned(as: Int32.self)))
  }
  func storage(_ values: [Int16]) -> ColumnStorage { .int16(values) }
}

struct Int64FromUInt32: PlainValue {
  var width: Int { 4 }
  var zero: Int64 { 0 }
  func value(at place: UnsafeRawPointer) -> Int64? {
    Int64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)))
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

struct MicrosecondsFromMilliseconds: PlainValue {
  var width: Int { 8 }
  var zero: Int64 { 0 }
  func value(at place: UnsafeRawPointer) -> Int64? {
    let milliseconds = Int64(littleEndian: place.loadUnaligned(as: Int64.self))
    let (microseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    return overflow ? nil : microseconds
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

/// IEEE 754 binary16, every value of which is also a binary32 one.
struct FloatFromBinary16: PlainValue {
  var width: Int { 2 }
  var zero: Float { 0 }
  func value(at place: UnsafeRawPointer) -> Float? {
    let bits = UInt32(UInt16(littleEndian: place.loadUnaligned(as: UInt16.self)))
    let (sign, exponent, fraction) = ((bits & 0x8000) << 16, bits >> 10 & 0x1f, bits & 0x3ff)
    switch exponent {
    case 0:
      // Zeros and subnormal numbers, which are multiples of 2^−24.
      let magnitude = Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1)
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
  func storage(_ values: [Float]) -> ColumnStorage { .float(values) }
}

struct DecimalFromInteger<Integer: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable>: PlainValue
{
  private let limit: UInt128

  init(precision: Int) { limit = Decimal128.powerOfTen(precision).magnitude }

  var width: Int { MemoryLayout<Integer>.size }
  var zero: Int128 { 0 }
  func value(at place: UnsafeRawPointer) -> Int128? {
    let value = Int128(Integer(littleEndian: place.loadUnaligned(as: Integer.self)))
    return value.magnitude < limit ? value : nil
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
  func value(at place: UnsafeRawPointer) -> Int128? {
    guard let value = bigEndianInteger(UnsafeRawBufferPointer(start: place, count: width)),
      value.magnitude < limit
    else { return nil }
    return value
  }
  func storage(_ values: [Int128]) -> ColumnStorage { .decimal(values) }
}
