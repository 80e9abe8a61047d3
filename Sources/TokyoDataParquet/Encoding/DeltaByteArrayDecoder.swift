internal import TokyoDataColumns

/// Reads byte strings that lie as DELTA_BYTE_ARRAY, a part at a time.
struct DeltaByteArrayDecoder: Sendable {
  private var prefixes: DeltaDecoder<Int32>
  private var suffixes: DeltaLengthDecoder
  private let fixedLength: Int?
  /// The string that was read last, of which the next one may repeat a part.
  private var last: [UInt8] = []

  /// Strings that are not read yet, as the bytes state; they need not bear it out.
  var left: Int { prefixes.left }

  /// Reads strings, which may have to be of one length, in `range` of a page's bytes.
  init(
    _ range: Range<Int>, of bytes: UnsafeRawBufferPointer, fixedLength: Int? = nil
  ) throws(ParquetError) {
    prefixes = try DeltaDecoder(range, of: bytes)
    var walk = prefixes
    try walk.skipToEnd(bytes)
    suffixes = try DeltaLengthDecoder(walk.position..<range.upperBound, of: bytes)
    self.fixedLength = fixedLength
    guard suffixes.left == prefixes.left else { throw .corrupted("prefixes without suffixes") }
  }

  /// Appends the next `count` strings, refusing to grow beyond `limit` bytes.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into strings: inout ByteStrings,
    limit: Int = Int(Int32.max)
  ) throws(ParquetError) {
    let limit = min(limit, Int(Int32.max))
    try inPortions(count) { (scratch, number) throws(ParquetError) in
      try decode(number, of: bytes, into: &strings, limit, scratch, scratch + number)
    }
  }

  private mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into strings: inout ByteStrings, _ limit: Int,
    _ prefixLengths: UnsafeMutablePointer<Int32>, _ suffixLengths: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) {
    try prefixes.decode(count, of: bytes, into: prefixLengths)
    let suffixBytes = try suffixes.next(count, of: bytes, lengths: suffixLengths)
    let total = try requireLengths(count, prefixLengths, suffixLengths)
    let start = strings.bytes.count
    guard start <= limit, total <= limit - start else { throw .tooManyBytes(limit) }
    strings.bytes.append(contentsOf: repeatElement(0, count: total))
    var end = start
    last.withUnsafeBytes { last in
      strings.bytes.withUnsafeMutableBytes { target in
        guard let base = target.baseAddress else { return }
        var previous = last.baseAddress
        var suffix = suffixBytes.baseAddress
        for index in 0..<count {
          let (shared, own) = (Int(prefixLengths[index]), Int(suffixLengths[index]))
          let place = base + end
          if shared > 0, let previous { place.copyMemory(from: previous, byteCount: shared) }
          if own > 0, let source = suffix {
            (place + shared).copyMemory(from: source, byteCount: own)
            suffix = source + own
          }
          previous = UnsafeRawPointer(place)
          end &+= shared &+ own
          // The end of a string takes the place of its length.
          suffixLengths[index] = Int32(truncatingIfNeeded: end)
        }
      }
    }
    strings.offsets.append(contentsOf: UnsafeBufferPointer(start: suffixLengths, count: count))
    last = Array(strings[strings.count - 1])
  }

  /// The bytes of all strings, whose prefixes must not be longer than the strings before them.
  private func requireLengths(
    _ count: Int, _ prefixLengths: UnsafeMutablePointer<Int32>, _ suffixLengths: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) -> Int {
    var length = last.count
    // The sum stays in range: what strings share grows by at most all suffixes, which lie in memory.
    var total = 0
    for index in 0..<count {
      let shared = Int(prefixLengths[index])
      guard shared >= 0, shared <= length else { throw .corrupted("a prefix longer than the string before") }
      length = shared &+ Int(suffixLengths[index])
      if let fixedLength, length != fixedLength {
        throw .corrupted("a string of another length than its column's")
      }
      total &+= length
    }
    return total
  }
}
