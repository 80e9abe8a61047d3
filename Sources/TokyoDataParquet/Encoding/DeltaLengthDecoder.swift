internal import TokyoDataColumns

/// Reads byte strings that lie as DELTA_LENGTH_BYTE_ARRAY, a part at a time.
struct DeltaLengthDecoder: Sendable {
  private var lengths: DeltaDecoder<Int32>
  /// Where the bytes of the strings begin that are not read yet.
  private var position: Int
  private let end: Int

  /// Strings that are not read yet, as the bytes state; they need not bear it out.
  var left: Int { lengths.left }

  /// Reads strings in `range` of a page's bytes.
  init(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    lengths = try DeltaDecoder(range, of: bytes)
    var walk = lengths
    try walk.skipToEnd(bytes)
    position = walk.position
    end = range.upperBound
  }

  /// Appends the next `count` strings, refusing to grow beyond `limit` bytes.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into strings: inout ByteStrings,
    limit: Int = Int(Int32.max)
  ) throws(ParquetError) {
    let limit = min(limit, Int(Int32.max))
    try inPortions(count) { (scratch, number) throws(ParquetError) in
      let start = strings.bytes.count
      let slice = try next(number, of: bytes, lengths: scratch)
      guard start <= limit, slice.count <= limit - start else { throw .tooManyBytes(limit) }
      strings.bytes.append(contentsOf: slice)
      var offset = Int32(truncatingIfNeeded: start)
      for index in 0..<number {
        offset &+= scratch[index]
        scratch[index] = offset
      }
      strings.offsets.append(contentsOf: UnsafeBufferPointer(start: scratch, count: number))
    }
  }

  /// The bytes of the next `count` strings, and the length of each.
  mutating func next(
    _ count: Int, of bytes: UnsafeRawBufferPointer, lengths target: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) -> UnsafeRawBufferPointer {
    guard end <= bytes.count else { throw .corrupted("values beyond their page") }
    try lengths.decode(count, of: bytes, into: target)
    // The sum of a portion's lengths, each below 2³¹, stays far below the range of `Int`.
    var total = 0
    var union: Int32 = 0
    for index in 0..<count {
      union |= target[index]
      total &+= Int(target[index])
    }
    guard union >= 0, total <= end &- position else { throw .corrupted("values end early") }
    defer { position &+= total }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position &+ total])
  }
}

extension ParquetError {
  static func tooManyBytes(_ limit: Int) -> ParquetError {
    ParquetError(.limitExceeded, "more than \(limit) bytes of one column at once; read fewer rows")
  }
}

/// Calls `body` for portions of `count` strings, with scratch memory for two numbers of each.
func inPortions(
  _ count: Int,
  _ body: (_ scratch: UnsafeMutablePointer<Int32>, _ number: Int) throws(ParquetError) -> Void
) throws(ParquetError) {
  guard count > 0 else { return }
  let most = 2048
  var failure: ParquetError?
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * min(most, count)) { scratch in
    guard let base = scratch.baseAddress else { return }
    do throws(ParquetError) {
      for start in stride(from: 0, to: count, by: most) { try body(base, min(most, count - start)) }
    } catch { failure = error }
  }
  if let failure { throw failure }
}
