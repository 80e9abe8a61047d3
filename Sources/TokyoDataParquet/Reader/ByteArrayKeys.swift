/// The byte strings of a dictionary page.
struct ByteArrayKeys: Sendable {
  /// Bytes behind the last string, which copies of a fixed size may read.
  static let padding = 64

  /// Where each string begins in `bytes`, in the upper half, and its length in the lower half.
  private(set) var places: [UInt64]
  private(set) var bytes: [UInt8]

  /// Reads `count` strings, each behind its length unless they have one length.
  init(_ body: PageBody, count: Int, fixedLength: Int?) throws(ParquetError) {
    let smallest = max(1, fixedLength ?? 4)
    guard count <= body.range.count / smallest else {
      throw .corrupted("a dictionary shorter than it states")
    }
    var places: [UInt64] = []
    places.reserveCapacity(count)
    let start = body.range.lowerBound
    var position = start
    try body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      let end = body.range.upperBound
      for _ in 0..<count {
        let length: Int
        if let fixedLength {
          length = fixedLength
        } else {
          guard end - position >= 4 else { throw .corrupted("a dictionary shorter than it states") }
          length = Int(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
          position += 4
        }
        guard length <= end - position else { throw .corrupted("a dictionary shorter than it states") }
        places.append(UInt64(truncatingIfNeeded: position - start) << 32 | UInt64(length))
        position += length
      }
    }
    self.places = places
    bytes = Array(body.bytes[start..<position]) + [UInt8](repeating: 0, count: Self.padding)
  }
}

/// Copies a string between places that have `ByteArrayKeys.padding` bytes of room behind it.
@inline(__always)
func copyPadded(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ length: Int) {
  typealias Sixteen = SIMD2<UInt64>
  let most = ByteArrayKeys.padding
  guard length <= most else { return target.copyMemory(from: source, byteCount: length) }
  target.storeBytes(of: source.loadUnaligned(as: Sixteen.self), as: Sixteen.self)
  var place = 16
  while place < length {
    let part = source.loadUnaligned(fromByteOffset: place, as: Sixteen.self)
    target.storeBytes(of: part, toByteOffset: place, as: Sixteen.self)
    place &+= 16
  }
}
