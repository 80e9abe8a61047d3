/// A column's values in one of three forms whose order and equality are those of the query language.
///
/// Integers, dates, times and truths are 64-bit integers; so are floating-point numbers, through
/// ``FloatOrder``, which puts NaN on top and makes −0.0 of 0.0. Null slots hold anything.
enum OrderedValues: Sendable {
  case integers([Int64])
  /// Unscaled digits at the column's scale.
  case digits([Int128])
  case bytes(ByteStrings)

  init(_ column: ColumnVector) {
    self =
      switch column.storage {
      case .bool(let values): .integers(values.map { $0 ? 1 : 0 })
      case .int8(let values): .integers(values.map { Int64($0) })
      case .int16(let values): .integers(values.map { Int64($0) })
      case .int32(let values): .integers(values.map { Int64($0) })
      case .int64(let values): .integers(values)
      case .float(let values): .integers(values.map { FloatOrder.rank(Double($0)) })
      case .double(let values): .integers(values.map { FloatOrder.rank($0) })
      case .decimal(let values): .digits(values)
      case .byteStrings(let strings): .bytes(strings)
      // Datasets have no nested columns, so nothing asks for their order.
      case .list, .structure, .map: .integers(Array(repeating: 0, count: column.count))
      }
  }

  /// The storage of a column of `type` with these values.
  func storage(for type: ColumnType) -> ColumnStorage {
    switch self {
    case .digits(let values): .decimal(values)
    case .bytes(let strings): .byteStrings(strings)
    case .integers(let values):
      switch type {
      case .bool: .bool(values.map { $0 != 0 })
      case .int8: .int8(values.map { Int8(truncatingIfNeeded: $0) })
      case .int16: .int16(values.map { Int16(truncatingIfNeeded: $0) })
      case .int32, .date: .int32(values.map { Int32(truncatingIfNeeded: $0) })
      case .float: .float(values.map { Float(FloatOrder.value($0)) })
      case .double: .double(values.map { FloatOrder.value($0) })
      default: .int64(values)
      }
    }
  }
}

/// Numbers in the order of the query language as integers: −∞ … 0 … ∞, NaN.
package enum FloatOrder {
  @inline(__always)
  static func rank(_ value: Double) -> Int64 {
    if value.isNaN { return .max }
    // Adding a positive zero makes 0.0 of −0.0.
    let bits = Int64(bitPattern: (value + 0.0).bitPattern)
    return bits < 0 ? bits ^ .max : bits
  }

  @inline(__always)
  package static func value(_ rank: Int64) -> Double {
    if rank == .max { return .nan }
    return Double(bitPattern: UInt64(bitPattern: rank < 0 ? rank ^ .max : rank))
  }
}

/// Byte strings by unsigned bytes, which for UTF-8 is the order of code points.
enum ByteOrder {
  /// Negative, zero or positive as the first is below, equal to or above the second.
  @inline(__always)
  static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let shared = min(left.count, right.count)
    var offset = 0
    while offset &+ 8 <= shared {
      let a = UInt64(bigEndian: left.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let b = UInt64(bigEndian: right.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      if a != b { return a < b ? -1 : 1 }
      offset &+= 8
    }
    while offset < shared {
      if left[offset] != right[offset] { return left[offset] < right[offset] ? -1 : 1 }
      offset &+= 1
    }
    return left.count < right.count ? -1 : (left.count > right.count ? 1 : 0)
  }
}

extension ByteStrings {
  /// Lends the bytes of a slot, which lie in `base`, the memory of `bytes`.
  @inline(__always)
  func slot(_ index: Int, in base: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let range = range(index)
    return UnsafeRawBufferPointer(rebasing: base[range])
  }
}
