/// Fetches the bytes of many chunks with few reads.
struct ChunkFetch {
  private let file: ParquetFile

  init(_ file: ParquetFile) { self.file = file }

  /// The pages of some chunks of a row group that have any of the rows, and the chunks' dictionaries.
  ///
  /// Of chunks with an offset index no other pages are fetched, unless all rows are asked for.
  func parts(
    of chunks: [ParquetColumnChunk], rows: RowRanges, rowCount: Int
  ) async throws -> [[ChunkPages.Part]] {
    let isWhole = rows == RowRanges(all: rowCount)
    var places: [[Place]] = chunks.map { [Place(range: $0.byteRange, rows: nil)] }
    if !isWhole {
      let indexed = chunks.indices.filter { chunks[$0].offsetIndexRange != nil }
      let encoded = try await read(indexed.compactMap { chunks[$0].offsetIndexRange })
      for (index, part) in zip(indexed, encoded) {
        let offsets = try ParquetOffsetIndex(part.content)
        places[index] = try Self.places(of: chunks[index], offsets, rows, rowCount)
      }
    }
    let all = places.joined().filter { !$0.range.isEmpty }
    var fetched = try await read(all.map(\.range))[...]
    return places.map { places in
      places.compactMap { place in
        guard !place.range.isEmpty, var part = fetched.popFirst() else { return nil }
        part.rows = place.rows
        return part
      }
    }
  }

  private struct Place {
    let range: Range<Int>
    let rows: Range<Int>?
  }

  private static func places(
    of chunk: ParquetColumnChunk, _ index: ParquetOffsetIndex, _ rows: RowRanges, _ rowCount: Int
  ) throws(ParquetError) -> [Place] {
    let whole = chunk.byteRange
    guard let first = index.pages.first else { return [Place(range: whole, rows: nil)] }
    var places: [Place] = []
    var position = whole.lowerBound
    for (number, page) in index.pages.enumerated() {
      let next = number + 1 < index.pages.count ? index.pages[number + 1].firstRow : rowCount
      guard page.offset >= position, page.byteCount > 0, page.offset <= whole.upperBound,
        page.byteCount <= whole.upperBound - page.offset, page.firstRow <= next, page.firstRow >= 0,
        number > 0 || page.firstRow == 0
      else {
        throw ParquetError(
          .corrupted, "an offset index of impossible pages", column: chunk.path.joined(separator: "."))
      }
      position = page.offset + page.byteCount
      let span = page.firstRow..<next
      if rows.overlaps(span) { places.append(Place(range: page.offset..<position, rows: span)) }
    }
    // What lies before the first data page is the dictionary.
    let dictionary = whole.lowerBound..<first.offset
    return places.isEmpty || dictionary.isEmpty ? places : [Place(range: dictionary, rows: nil)] + places
  }

  /// The bytes of ranges, in their order; near ones come with one read.
  func read(_ ranges: [Range<Int>]) async throws -> [ChunkPages.Part] {
    var parts: [Int: ChunkPages.Part] = [:]
    let order = ranges.indices.sorted { ranges[$0].lowerBound < ranges[$1].lowerBound }
    let groups = Self.groups(order.map { ranges[$0] }, gap: file.options.coalescingBytes).map { group in
      group.map { order[$0] }
    }
    let spans = groups.map { members in
      let ends = members.map { ranges[$0].upperBound }
      return (members.map { ranges[$0].lowerBound }.min() ?? 0)..<(ends.max() ?? 0)
    }
    for ((members, span), bytes) in zip(zip(groups, spans), try await readEach(spans)) {
      for member in members {
        let range = ranges[member]
        parts[member] = ChunkPages.Part(
          bytes: bytes, range: range.lowerBound - span.lowerBound..<range.upperBound - span.lowerBound,
          offset: range.lowerBound)
      }
    }
    return ranges.indices.compactMap { parts[$0] }
  }

  /// One read for each span, as many at a time as columns may be decoded.
  private func readEach(_ spans: [Range<Int>]) async throws -> [[UInt8]] {
    guard spans.count > 1, file.options.parallelism > 1 else {
      var read: [[UInt8]] = []
      for span in spans { read.append(try await file.bytes(span)) }
      return read
    }
    let file = file
    return try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      var read = [[UInt8]](repeating: [], count: spans.count)
      for (index, span) in spans.enumerated() {
        if index >= file.options.parallelism, let (done, bytes) = try await group.next() {
          read[done] = bytes
        }
        group.addTask { (index, try await file.bytes(span)) }
      }
      for try await (done, bytes) in group { read[done] = bytes }
      return read
    }
  }

  /// More is not read at once: it saves no time, and memory of such sizes is costly to come by.
  private static var mostBytes: Int { 16 << 20 }

  /// The positions of ascending ranges that are read together.
  static func groups(_ ranges: [Range<Int>], gap: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var (first, end) = (0, 0)
    for (position, range) in ranges.enumerated() {
      let isFar = range.lowerBound - end > max(0, gap)
      if position > first, isFar || range.upperBound - ranges[first].lowerBound > mostBytes {
        groups.append(first..<position)
        first = position
        end = range.upperBound
      }
      end = max(end, range.upperBound)
    }
    if first < ranges.count { groups.append(first..<ranges.count) }
    return groups
  }
}
