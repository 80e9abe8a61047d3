internal import TokyoDataColumns

/// How a value of fixed width lies in the file and what it becomes in a column.
protocol PlainValue: Sendable {
  associatedtype Value: BitwiseCopyable & Sendable
  /// Values lie in the file as they do in the column.
  static var isCopy: Bool { get }
  /// The bytes of a value in the file.
  var width: Int { get }
  var zero: Value { get }
  /// What is wrong with a value that the column cannot keep.
  var refusal: String { get }
  /// The value at a place that holds `width` bytes; clears `fits` where the column cannot keep it.
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Value
  func storage(_ values: [Value]) -> ColumnStorage
}

extension PlainValue {
  static var isCopy: Bool { false }
  var refusal: String { "a value beyond what its column can keep" }
}

@inline(__always)
private func load<Integer: FixedWidthInteger>(_ place: UnsafeRawPointer) -> Integer
where Integer: BitwiseCopyable {
  Integer(littleEndian: place.loadUnaligned(as: Integer.self))
}

#if _endian(little)
  private let isLittleEndian = true
#else
  private let isLittleEndian = false
#endif

struct PlainInt32: PlainValue {
  static var isCopy: Bool { isLittleEndian }
  var width: Int { 4 }
  var zero: Int32 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int32 { load(place) }
  func storage(_ values: [Int32]) -> ColumnStorage { .int32(values) }
}

struct PlainInt64: PlainValue {
  static var isCopy: Bool { isLittleEndian }
  var width: Int { 8 }
  var zero: Int64 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int64 { load(place) }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

struct PlainFloat: PlainValue {
  static var isCopy: Bool { isLittleEndian }
  var width: Int { 4 }
  var zero: Float { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Float { Float(bitPattern: load(place)) }
  func storage(_ values: [Float]) -> ColumnStorage { .float(values) }
}

struct PlainDouble: PlainValue {
  static var isCopy: Bool { isLittleEndian }
  var width: Int { 8 }
  var zero: Double { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Double { Double(bitPattern: load(place)) }
  func storage(_ values: [Double]) -> ColumnStorage { .double(values) }
}

struct Int8FromInt32: PlainValue {
  var width: Int { 4 }
  var zero: Int8 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int8 {
    let value: Int32 = load(place)
    let narrow = Int8(truncatingIfNeeded: value)
    fits = fits && Int32(narrow) == value
    return narrow
  }
  func storage(_ values: [Int8]) -> ColumnStorage { .int8(values) }
}

struct Int16FromInt32: PlainValue {
  var width: Int { 4 }
  var zero: Int16 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int16 {
    let value: Int32 = load(place)
    let narrow = Int16(truncatingIfNeeded: value)
    fits = fits && Int32(narrow) == value
    return narrow
  }
  func storage(_ values: [Int16]) -> ColumnStorage { .int16(values) }
}

struct Int64FromUInt32: PlainValue {
  var width: Int { 4 }
  var zero: Int64 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int64 {
    let value: UInt32 = load(place)
    return Int64(value)
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

/// IEEE 754 binary16, every value of which is also a binary32 one.
struct FloatFromBinary16: PlainValue {
  var width: Int { 2 }
  var zero: Float { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Float {
    let half: UInt16 = load(place)
    let bits = UInt32(half)
    let (sign, exponent, fraction) = ((bits & 0x8000) << 16, bits >> 10 & 0x1f, bits & 0x3ff)
    switch exponent {
    case 0:
      // Zeros and subnormal numbers, which are multiples of 2^−24.
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
  func storage(_ values: [Float]) -> ColumnStorage { .float(values) }
}
