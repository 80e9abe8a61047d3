/// Reads booleans that lie as bits or as runs, a part at a time.
struct BooleanDecoder: Sendable {
  private enum Form {
    case plain(bit: Int, end: Int)
    case runs(HybridDecoder)
  }

  private var form: Form

  /// Reads bits, least significant first, from `range` of a page's bytes.
  init(plain range: Range<Int>) { form = .plain(bit: range.lowerBound &* 8, end: range.upperBound) }

  /// Reads runs and bit-packed groups behind their length from `range` of a page's bytes.
  init(runs range: Range<Int>, of bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    guard range.upperBound <= bytes.count, range.count >= 4 else { throw .corrupted("values end early") }
    let start = range.lowerBound + 4
    let length = Int(
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt32.self)))
    guard length <= range.upperBound - start else { throw .corrupted("a length beyond the page's end") }
    form = .runs(try HybridDecoder(width: 1, range: start..<start + length))
  }

  /// Reads the next `count` values.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Bool>
  ) throws(ParquetError) {
    guard count > 0 else { return }
    // What is unpacked by one bit is 0 or 1, as booleans lie in memory.
    let bits = UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt8.self)
    switch form {
    case .plain(let bit, let end):
      guard end <= bytes.count, count <= end &* 8 &- bit else { throw .corrupted("values end early") }
      unpack(bytes, bitOffset: bit, width: 1, count: count, into: bits)
      form = .plain(bit: bit &+ count, end: end)
    case .runs(var decoder):
      try decoder.decode(count, of: bytes, into: bits)
      form = .runs(decoder)
    }
  }
}
