internal import TokyoDataColumns

/// Turns the values of a leaf's pages into the slots of a column.
protocol LeafDecoder {
  /// Takes the values of a dictionary page.
  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError)

  /// Begins with a data page, whose values are not touched before one of them is asked for.
  mutating func begin(_ page: DataPage)

  /// Begins another portion, of so many slots if that is known.
  mutating func begin(slots: Int)

  /// Adds slots, of which the last `slots` of `validity` say which get the next `valid` values.
  mutating func append(
    _ valid: Int, slots: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError)

  /// Passes over values.
  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError)

  /// The bytes that a slot takes at least.
  var slotBytes: Int { get }

  /// The bytes that the slots of the portion take.
  var byteCount: Int { get }

  /// The portion's column.
  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector
}

extension LeafDecoder {
  static func unsupported(_ encoding: ParquetEncoding) -> ParquetError {
    ParquetError(.unsupported, "the encoding \(encoding) is not supported for this type")
  }

  /// The decoder of a page's indices into a dictionary, whose first byte tells their width.
  static func indices(of page: DataPage) throws(ParquetError) -> HybridDecoder {
    let place = page.values
    guard let first = place.first else { throw .corrupted("values end early") }
    return try HybridDecoder(width: Int(page.body.bytes[first]), range: first + 1..<place.upperBound)
  }
}

/// Calls `body` with the next indices, in parts of at most 4096, all of them below `limit`.
@inline(__always)
func forEachIndices(
  _ count: Int, _ decoder: inout HybridDecoder, of bytes: UnsafeRawBufferPointer, below limit: Int,
  _ body: (_ start: Int, UnsafeBufferPointer<UInt32>) throws(ParquetError) -> Void
) throws(ParquetError) {
  let most = 4096
  try withTemporary(of: UInt32.self, min(count, most)) { (scratch) throws(ParquetError) in
    var start = 0
    while start < count {
      let taken = min(most, count &- start)
      try decoder.decode(taken, of: bytes, into: scratch)
      guard Int(highest(scratch, taken)) < limit else { throw .corrupted("an index beyond the dictionary") }
      try body(start, UnsafeBufferPointer(start: scratch, count: taken))
      start &+= taken
    }
  }
}

/// The highest index; any from 2³¹ on counts as the highest of all, as no dictionary has so many keys.
private func highest(_ indices: UnsafeMutablePointer<UInt32>, _ count: Int) -> UInt32 {
  // Processors of the baseline compare signed numbers only, many at once.
  var highest: Int32 = 0
  var union: Int32 = 0
  for index in 0..<count {
    let value = Int32(bitPattern: indices[index])
    highest = value > highest ? value : highest
    union |= value
  }
  return union < 0 ? .max : UInt32(bitPattern: highest)
}

/// Lends uninitialized memory to a body that throws errors of one type.
@inline(__always)
func withTemporary<Element: BitwiseCopyable>(
  of _: Element.Type, _ count: Int,
  _ body: (UnsafeMutablePointer<Element>) throws(ParquetError) -> Void
) throws(ParquetError) {
  var failure: ParquetError?
  withUnsafeTemporaryAllocation(of: Element.self, capacity: max(1, count)) { scratch in
    guard let base = scratch.baseAddress else { return }
    do throws(ParquetError) { try body(base) } catch { failure = error }
  }
  if let failure { throw failure }
}

extension Bitmap {
  /// Moves the first `valid` elements to the slots that hold values, which the last `slots` bits tell, and
  /// puts `empty` into the others.
  @inline(__always)
  func spread<Element: BitwiseCopyable>(
    _ target: UnsafeMutablePointer<Element>, _ valid: Int, slots: Int, empty: Element
  ) {
    guard valid < slots else { return }
    let first = count - slots
    var read = valid
    var end = slots
    while end > 0 {
      let length = min(64, end)
      var rest = bits(at: first + end - length, length: length) &<< UInt64(64 &- length)
      for slot in stride(from: end &- 1, through: end &- length, by: -1) {
        let isValid = rest >> 63
        rest &<<= 1
        read &-= Int(truncatingIfNeeded: isValid)
        // A slot's value never lies behind it, so that what is overwritten has been moved. Without a branch:
        // a null loads the value before it.
        let value = target[read]
        target[slot] = isValid == 1 ? value : empty
      }
      end -= length
    }
  }
}
