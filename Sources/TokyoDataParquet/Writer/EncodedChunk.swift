/// A column chunk that is ready for the file, with what the footer and the indexes say about it.
struct EncodedChunk: Sendable {
  /// The pages, one behind the other.
  let bytes: [UInt8]
  /// What the footer says; its offsets count from the first page.
  let description: ParquetColumnChunk
  /// Where the pages lie, counted from the first one.
  let offsetIndex: ParquetOffsetIndex
  /// The pages' bounds; nil where a page has none, as with NaN.
  let columnIndex: ParquetColumnIndex?
  /// The bloom filter, if one was asked for.
  let bloomFilter: BloomFilter?
  /// Slots without a value.
  let nullCount: Int
  /// The bounds of all values, not cut.
  let bounds: ValueBounds?
  let verdict: EncodingChooser.Verdict
}

extension EncodedChunk {
  /// What the footer says of the chunk where its pages begin at a position of the file.
  func description(at position: Int) -> ParquetColumnChunk {
    var moved = description
    moved.dataPageOffset += position
    moved.dictionaryPageOffset = description.dictionaryPageOffset.map { $0 + position }
    return moved
  }

  /// Where the pages lie in a file in which they begin at a position.
  func offsetIndex(at position: Int) -> ParquetOffsetIndex {
    var moved = offsetIndex
    for page in moved.pages.indices { moved.pages[page].offset += position }
    return moved
  }
}
