internal import TokyoDataColumns

/// The byte strings of a portion, laid end to end as columns keep them.
struct ByteArraySlots: Sendable {
  private(set) var offsets: [Int32] = [0]
  private var bytes: [UInt8] = []
  private(set) var count = 0
  private(set) var used = 0
  let limit: Int

  /// Refuses to hold more than `limit` bytes.
  init(limit: Int) { self.limit = min(limit, Int(Int32.max) - ByteArrayKeys.padding) }

  /// Begins anew with room for as many slots, and for about as many bytes for each as the last ones had.
  mutating func begin(slots: Int) {
    let estimate = count > 0 ? Double(used) / Double(count) * Double(slots) * 1.0625 : 0
    offsets = .unfilled(slots + 1)
    offsets[0] = 0
    bytes = .unfilled(Int(min(estimate, Double(limit))) + ByteArrayKeys.padding)
    (count, used) = (0, 0)
  }

  /// Makes room for the ends of so many more slots.
  mutating func makeRoom(slots: Int) { offsets.makeRoom(for: count + slots + 1, keeping: count + 1) }

  /// Lends the ends of the strings that come behind the first `first` of the slots that are being added.
  @inline(__always)
  mutating func withEnds<Result>(
    from first: Int, _ body: (UnsafeMutablePointer<Int32>) throws(ParquetError) -> Result
  ) throws(ParquetError) -> Result {
    var result: Swift.Result<Result, ParquetError>?
    let start = count + 1 + first
    offsets.withUnsafeMutableBufferPointer { offsets in
      guard let base = offsets.baseAddress else { return }
      do throws(ParquetError) { result = .success(try body(base + start)) } catch { result = .failure(error) }
    }
    guard let result else { throw .corrupted("no slots") }
    return try result.get()
  }

  /// Adds `size` bytes, which `body` writes; it may write padding behind them.
  @inline(__always)
  mutating func append(_ size: Int, _ body: (UnsafeMutableRawPointer) -> Void) throws(ParquetError) {
    guard size <= limit - used else { throw .tooManyBytes(limit) }
    bytes.makeRoom(for: used + size + ByteArrayKeys.padding, keeping: used)
    let start = used
    bytes.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { body(base + start) }
    }
    used += size
  }

  /// Counts slots whose strings were added, of which the last bits of `validity` say which hold one.
  mutating func commit(_ valid: Int, slots: Int, _ validity: Bitmap) {
    if valid < slots {
      let before = count
      let first = validity.count - slots
      offsets.withUnsafeMutableBufferPointer { offsets in
        guard let base = offsets.baseAddress else { return }
        let ends = base + (before + 1)
        var read = valid
        var end = slots
        while end > 0 {
          let length = min(64, end)
          var rest = validity.bits(at: first + end - length, length: length) &<< UInt64(64 &- length)
          for slot in stride(from: end &- 1, through: end &- length, by: -1) {
            // A null ends where the value before it does; before all values lies the end of the slot before.
            ends[slot] = ends[read &- 1]
            read &-= Int(truncatingIfNeeded: rest >> 63)
            rest &<<= 1
          }
          end -= length
        }
      }
    }
    count += slots
  }

  /// The strings, and an empty portion.
  mutating func finish() -> ByteStrings {
    offsets.cut(to: count + 1)
    bytes.cut(to: used)
    var strings = ByteStrings(offsets: [0], bytes: [])
    swap(&strings.offsets, &offsets)
    swap(&strings.bytes, &bytes)
    return strings
  }
}
