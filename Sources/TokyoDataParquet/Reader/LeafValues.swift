internal import TokyoDataColumns

/// Turns the values of a leaf's pages into the slots of a column.
protocol LeafValues: Sendable {
  /// Takes the values of a dictionary page.
  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError)

  /// Begins with the values of a data page.
  mutating func begin(_ page: DataPage) throws(ParquetError)

  /// Begins another portion, of so many slots if that is known.
  mutating func begin(slots: Int)

  /// Adds slots, of which the last `slots` of `validity` say which get the next `valid` values.
  mutating func append(
    _ valid: Int, slots: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError)

  /// Passes over values.
  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError)

  /// The bytes that the slots of the portion take.
  var byteCount: Int { get }

  /// The portion's column.
  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector
}

extension LeafValues {
  static func unsupported(_ encoding: ParquetEncoding) -> ParquetError {
    ParquetError(.unsupported, "the encoding \(encoding) is not supported for this type")
  }

  /// The decoder of a page's indices into a dictionary, whose first byte tells their width.
  static func indices(of page: DataPage) throws(ParquetError) -> HybridDecoder {
    let place = page.values
    // A page of nulls only may have no body.
    guard let first = place.first else { return try HybridDecoder(width: 0, range: place) }
    return try HybridDecoder(width: Int(page.body.bytes[first]), range: first + 1..<place.upperBound)
  }
}

/// Calls `body` with the next indices, in parts of at most 4096, all of them below `limit`.
@inline(__always)
func forEachIndices(
  _ count: Int, _ decoder: inout HybridDecoder, of bytes: UnsafeRawBufferPointer, below limit: Int,
  _ body: (_ start: Int, UnsafeBufferPointer<UInt32>) throws(ParquetError) -> Void
) throws(ParquetError) {
  var failure: ParquetError?
  withUnsafeTemporaryAllocation(of: UInt32.self, capacity: min(max(count, 1), 4096)) { scratch in
    guard let base = scratch.baseAddress else { return }
    do throws(ParquetError) {
      var start = 0
      while start < count {
        let taken = min(4096, count &- start)
        try decoder.decode(taken, of: bytes, into: base)
        var highest: UInt32 = 0
        for index in 0..<taken { highest = max(highest, base[index]) }
        guard Int(highest) < limit else { throw .corrupted("an index beyond the dictionary") }
        try body(start, UnsafeBufferPointer(start: base, count: taken))
        start &+= taken
      }
    } catch { failure = error }
  }
  if let failure { throw failure }
}
