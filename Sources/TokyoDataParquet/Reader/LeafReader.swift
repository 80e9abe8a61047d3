internal import TokyoDataColumns

/// Reads the chunk of one leaf, some rows at a time.
///
/// One owner uses it at a time; it refers to its state so that no buffer is ever copied along with it.
final class LeafReader {
  /// A leaf in its column: what its values are, and which of its entries are slots.
  struct Place: Sendable {
    let leaf: LeafColumn
    let type: ColumnType
    let conversion: ValueConversion
    /// The definition level from which on an entry is a slot: that of the innermost repeated node around it.
    let slotDefinition: Int
  }

  /// Some rows of the leaf.
  struct Portion {
    let column: ColumnVector
    /// The levels of all entries; of a leaf that is a column of its own, none.
    let levels: EntryLevels
  }

  let place: Place
  private let rowCount: Int
  private let limit: Int
  private var pages: ChunkPages
  private var decoder: any LeafDecoder
  private var page = DataPage.empty
  private var hasDictionary = false
  private var hasData = false
  /// The next row; of nested leaves the row that the next entry begins, if it begins one.
  private var row = 0
  /// The row that the next page must begin with, where the offset index told so.
  private var nextPageRow: Int?
  private var validity = Bitmap()
  private var levels = EntryLevels()
  private var window = LevelWindow()

  init(
    _ place: Place, _ parts: [ChunkPages.Part], of chunk: ParquetColumnChunk, rowCount: Int,
    options: ParquetReaderOptions
  ) throws(ParquetError) {
    self.place = place
    self.rowCount = rowCount
    limit = options.limits.decodedBytes(of: chunk)
    pages = try ChunkPages(parts, of: chunk, options: options)
    decoder = leafDecoder(
      place.type, place.conversion, chunk.physicalType, options, limit: limit)
  }

  /// Reads rows of ascending ranges, none of which lies before what was read.
  func read(_ ranges: [Range<Int>]) throws(ParquetError) -> Portion {
    validity = Bitmap()
    levels = EntryLevels()
    if place.leaf.isFlat {
      try readFlat(ranges)
    } else {
      decoder.begin(slots: 0)
      for range in ranges {
        try readEntries(before: range.lowerBound, keeping: false)
        try readEntries(before: range.upperBound, keeping: true)
      }
    }
    return Portion(column: try decoder.finish(validity.validity()), levels: levels)
  }

  /// Holds the end of the rows against that of the pages, where all of them were fetched.
  func requireEnd() throws(ParquetError) {
    guard nextPageRow == nil, row == rowCount else { return }
    while page.left == 0, window.isEmpty {
      guard try nextPage(before: row) else { return }
    }
    throw .corrupted("more values than the row group has rows")
  }

  private func requireRoom() throws(ParquetError) {
    guard decoder.byteCount <= limit, levels.count * 2 <= limit - decoder.byteCount else {
      throw .tooManyBytes(limit)
    }
  }

  // MARK: Pages

  /// Goes on to the next page with entries; flat pages that end before `target` are passed over.
  private func nextPage(before target: Int) throws(ParquetError) -> Bool {
    let used = page.body
    page = .empty
    pages.recycle(used)
    while let header = try pages.nextHeader() {
      if header.type == .dictionary {
        try useDictionary(header)
      } else if let data = header.data, header.type == .data || header.type == .dataV2 {
        hasData = true
        try placePage(data)
        if data.valueCount == 0 { continue }
        if place.leaf.isFlat, data.valueCount <= target - row {
          row += data.valueCount
          continue
        }
        page = try DataPage(try pages.body(), data, of: place.leaf)
        decoder.begin(page)
        return true
      } else if header.type == .data || header.type == .dataV2 {
        throw .corrupted("a data page without its header")
      }
      // Index pages, and pages that later versions may bring, are passed over.
    }
    return false
  }

  private func useDictionary(_ header: PageHeader) throws(ParquetError) {
    guard !hasDictionary, !hasData, let count = header.dictionaryCount else {
      throw .corrupted("a dictionary page out of place")
    }
    guard header.dictionaryEncoding == .plain || header.dictionaryEncoding == .plainDictionary else {
      throw ParquetError(.unsupported, "a dictionary in the encoding \(header.dictionaryEncoding)")
    }
    hasDictionary = true
    let body = try pages.body()
    try decoder.useDictionary(body, count: count)
    pages.recycle(body)
  }

  /// Holds a page's rows against the offset index.
  private func placePage(_ data: PageHeader.Data) throws(ParquetError) {
    guard let rows = pages.rows else { return }
    guard row <= rows.lowerBound, nextPageRow == nil || row == nextPageRow,
      !place.leaf.isFlat || data.valueCount == rows.count
    else { throw .corrupted("a page of other rows than the offset index states") }
    row = rows.lowerBound
    nextPageRow = rows.upperBound
  }
}

// MARK: - Leaves that are columns

extension LeafReader {
  private func readFlat(_ ranges: [Range<Int>]) throws(ParquetError) {
    let total = ranges.reduce(0) { $0 + $1.count }
    // The rows are only stated; what they take must be within the limit before it is taken.
    guard total <= limit / decoder.slotBytes else { throw .tooManyBytes(limit) }
    decoder.begin(slots: total)
    for range in ranges {
      while row < range.lowerBound {
        guard page.left > 0 else {
          guard try nextPage(before: range.lowerBound) || row == range.lowerBound else {
            throw .corrupted("values end early")
          }
          continue
        }
        let taken = min(page.left, range.lowerBound - row, 1 << 16)
        var passed = Bitmap()
        let valid = try page.readLevels(taken, into: &passed)
        try decoder.skip(valid, of: page)
        row += taken
      }
      while row < range.upperBound {
        guard page.left > 0 else {
          guard try nextPage(before: row) else { throw .corrupted("values end early") }
          continue
        }
        let taken = min(page.left, range.upperBound - row)
        let valid = try page.readLevels(taken, into: &validity)
        try decoder.append(valid, slots: taken, validity, of: page)
        try requireRoom()
        row += taken
      }
    }
  }
}

// MARK: - Nested leaves

extension LeafReader {
  /// Reads entries up to the one that begins the row `target`.
  private func readEntries(before target: Int, keeping isKept: Bool) throws(ParquetError) {
    // Each call ends where a row begins.
    guard row < target else { return }
    while true {
      if window.isEmpty {
        guard try fillWindow() else {
          guard row == target else { throw .corrupted("values end early") }
          return
        }
      }
      let (number, isEnd) = window.entries(before: target, row: &row)
      try take(number, keeping: isKept)
      if isEnd { return }
    }
  }

  /// Decodes the next levels; false behind the last page.
  private func fillWindow() throws(ParquetError) -> Bool {
    var mustBeginRow = row == 0
    while page.left == 0 {
      guard try nextPage(before: 0) else { return false }
      mustBeginRow = mustBeginRow || nextPageRow != nil
    }
    try window.fill(from: &page)
    guard !mustBeginRow || window.beginsRow else { throw .corrupted("a page that begins within a row") }
    return true
  }

  /// Adds the slots and values of the window's next entries, or passes over them.
  private func take(_ number: Int, keeping isKept: Bool) throws(ParquetError) {
    guard number > 0 else { return }
    var passed = Bitmap()
    let maximum = UInt8(clamping: place.leaf.maximumDefinitionLevel)
    let slotDefinition = UInt8(clamping: place.slotDefinition)
    if isKept {
      let (slots, valid) = window.readValidity(
        number, slotDefinition: slotDefinition, maximum: maximum, into: &validity)
      window.take(number, into: &levels)
      try decoder.append(valid, slots: slots, validity, of: page)
      try requireRoom()
    } else {
      let (_, valid) = window.readValidity(
        number, slotDefinition: slotDefinition, maximum: maximum, into: &passed)
      window.take(number)
      try decoder.skip(valid, of: page)
    }
  }
}
