/// The pages of a column chunk, one behind the other, and what the footer and the indexes say about it.
struct EncodedChunk: Sendable {
  let bytes: [UInt8]
  /// With places that count from the first page.
  let record: ChunkRecord

  /// Gives the pages their place in the file, and what is said about them there.
  consuming func append<Sink: ParquetSink>(to output: inout FileOutput<Sink>) -> ChunkRecord {
    let placed = record.moved(by: output.position)
    output.append(bytes)
    return placed
  }
}

/// What the footer and the indexes say about a column chunk.
struct ChunkRecord: Sendable {
  /// What the footer says.
  private(set) var description: ParquetColumnChunk
  /// Where the pages lie.
  private(set) var offsetIndex: ParquetOffsetIndex
  /// The pages' bounds; nil where a page has none, as with NaN.
  let columnIndex: ParquetColumnIndex?
  /// The bloom filter, if one was asked for.
  let bloomFilter: BloomFilter?
  /// Slots without a value.
  let nullCount: Int
  /// The bounds of all values, not cut.
  let bounds: ValueBounds?
  let verdict: EncodingChooser.Verdict

  /// The same for pages that lie further on.
  func moved(by distance: Int) -> ChunkRecord {
    var moved = self
    moved.description.dataPageOffset += distance
    moved.description.dictionaryPageOffset = description.dictionaryPageOffset.map { $0 + distance }
    for page in moved.offsetIndex.pages.indices { moved.offsetIndex.pages[page].offset += distance }
    return moved
  }
}
