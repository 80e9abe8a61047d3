internal import TokyoDataParquet

/// A CRC-32 of bytes that come piece by piece, or in parts that are summed apart.
struct CRC32: Hashable, Sendable {
  /// The checksum of the bytes so far.
  private(set) var value: UInt32 = 0

  init() {}

  init(_ pieces: [ArraySlice<UInt8>]) {
    for piece in pieces { update(piece) }
  }

  mutating func update(_ bytes: some Collection<UInt8>) {
    let summed: Void? = bytes.withContiguousStorageIfAvailable {
      value = Checksum.crc32(UnsafeRawBufferPointer($0), after: value)
    }
    guard summed == nil else { return }
    Array(bytes).withUnsafeBytes { value = Checksum.crc32($0, after: value) }
  }

  /// Puts behind these bytes others, `length` of them, of which only the checksum is known.
  ///
  /// A CRC is a remainder of polynomials over one bit: bytes that follow multiply it by x, eight times for
  /// each.
  mutating func append(_ other: CRC32, length: Int) {
    value = Self.product(value, Self.power(eightTimes: length)) ^ other.value
  }

  /// As S3 writes it.
  var text: String {
    Base64.text((0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) })
  }

  /// The polynomial of gzip; the highest bit stands for x⁰.
  private static let polynomial: UInt32 = 0xEDB8_8320

  /// The product of two polynomials, reduced.
  private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var product: UInt32 = 0
    var shifted = right
    for bit in stride(from: UInt32(31), through: 0, by: -1) {
      if left >> bit & 1 == 1 { product ^= shifted }
      shifted = shifted >> 1 ^ (shifted & 1 == 1 ? polynomial : 0)
    }
    return product
  }

  /// x to the power of eight times `count`, by squaring.
  private static func power(eightTimes count: Int) -> UInt32 {
    var result: UInt32 = 1 << 31
    var square: UInt32 = 1 << 23
    var rest = count
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }
}
