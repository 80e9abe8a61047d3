internal import TokyoDataColumns

/// Finds what of a file's row groups a filter may let pass, by what the file says without its values.
struct Pruner: Sendable {
  let file: ParquetFile
  let filter: FilterNode

  /// What is left of a row group.
  enum Verdict {
    case excludedByBounds
    case excludedByBloomFilter
    /// Every row passes.
    case all
    /// Some of these rows may pass.
    case rows(RowRanges, PageCounts)
  }

  /// How many pages of the filter's columns there are, as far as is known, and how many hold none of the rows.
  struct PageCounts {
    var pages = 0
    var excluded = 0
  }

  func verdict(_ rowGroup: Int) async throws -> Verdict {
    let group = file.rowGroups[rowGroup]
    let byBounds: (ColumnTest) -> Matches = { test in
      let chunk = group.columns[test.column.leaf.index]
      return test.matches(chunk.statistics, count: chunk.valueCount)
    }
    switch filter.matches(byBounds) {
    case .none: return .excludedByBounds
    case .all: return .all
    case .some: break
    }
    let undecided = filter.tests.filter { byBounds($0) == .some }
    let bloomFilters = try await bloomFilters(group, undecided)
    if !bloomFilters.isEmpty {
      let matches = filter.matches { test in
        let isAbsent = bloomFilters[test.column.leaf.index].map { !test.mayMatch($0) } ?? false
        return isAbsent ? .none : byBounds(test)
      }
      if matches == .none { return .excludedByBloomFilter }
    }
    return try await rows(group)
  }

  /// The bloom filters that can say something about some tests, by the position of their leaf.
  private func bloomFilters(
    _ group: ParquetRowGroup, _ tests: [ColumnTest]
  ) async throws -> [Int: BloomFilter] {
    var filters: [Int: BloomFilter] = [:]
    for test in tests where test.comparesEqual && filters[test.column.leaf.index] == nil {
      let leaf = test.column.leaf
      guard let offset = group.columns[leaf.index].bloomFilterOffset else { continue }
      do {
        filters[leaf.index] = try await file.bloomFilter(
          at: offset, byteCount: group.columns[leaf.index].bloomFilterBytes)
      } catch let error as ParquetError { throw error.at(column: leaf.name) }
    }
    return filters
  }

  /// The rows of the pages that may match; all of them of columns without indexes.
  private func rows(_ group: ParquetRowGroup) async throws -> Verdict {
    var pages: [Int: PageFacts] = [:]
    let indexed = Set(filter.tests.map(\.column.leaf.index)).sorted().filter {
      group.columns[$0].columnIndexRange != nil && group.columns[$0].offsetIndexRange != nil
    }
    let ranges = indexed.flatMap {
      [group.columns[$0].columnIndexRange, group.columns[$0].offsetIndexRange].compactMap(\.self)
    }
    let parts = try await ChunkFetch(file).read(ranges)
    for (position, leaf) in indexed.enumerated() {
      let (bounds, places) = (parts[position * 2].content, parts[position * 2 + 1].content)
      do throws(ParquetError) {
        pages[leaf] = PageFacts(
          try ParquetColumnIndex(bounds), try ParquetOffsetIndex(places), rowCount: group.rowCount)
      } catch { throw error.at(column: group.columns[leaf].path.joined(separator: ".")) }
    }
    let rows = filter.rows(of: group.rowCount) { test in
      let leaf = test.column.leaf
      guard let facts = pages[leaf.index] else { return RowRanges(all: group.rowCount) }
      let order = file.metadata.columnOrder(ofLeaf: leaf.index)
      return facts.rows { statistics, count in
        let decoded = ParquetStatistics(
          statistics, valueCount: count, element: leaf.element, type: test.column.type, order: order)
        return test.matches(decoded, count: count) != .none
      }
    }
    var counts = PageCounts()
    for facts in pages.values {
      counts.pages += facts.rows.count
      counts.excluded += facts.rows.count { !rows.overlaps($0) }
    }
    return .rows(rows, counts)
  }
}

/// What the indexes say of the pages of a flat column.
struct PageFacts {
  /// The rows of each page.
  let rows: [Range<Int>]
  private let index: ParquetColumnIndex

  /// Nil where the indexes do not fit each other: then nothing is known of any page.
  init?(_ index: ParquetColumnIndex, _ places: ParquetOffsetIndex, rowCount: Int) {
    guard places.pages.count == index.nullPages.count, places.pages.first?.firstRow == 0 else { return nil }
    var rows: [Range<Int>] = []
    for (page, next) in zip(places.pages, places.pages.dropFirst().map(\.firstRow) + [rowCount]) {
      guard page.firstRow <= next, page.firstRow >= 0 else { return nil }
      rows.append(page.firstRow..<next)
    }
    self.rows = rows
    self.index = index
  }

  /// The rows of the pages that may match.
  func rows(mayMatch: (_ statistics: EncodedStatistics, _ count: Int) -> Bool) -> RowRanges {
    RowRanges(
      rows.indices.filter { page in
        var statistics = EncodedStatistics()
        if index.nullPages[page] {
          statistics.nullCount = Int64(rows[page].count)
        } else {
          statistics.nullCount = index.nullCounts.map { Int64($0[page]) }
          statistics.nanCount = index.nanCounts.map { Int64($0[page]) }
          (statistics.minimum, statistics.maximum) = (index.minimums[page], index.maximums[page])
        }
        return mayMatch(statistics, rows[page].count)
      }.map { rows[$0] })
  }
}

extension ColumnTest {
  fileprivate var comparesEqual: Bool {
    switch condition {
    case .compare(.equal, _), .isIn: true
    default: false
    }
  }

  fileprivate func mayMatch(_ filter: BloomFilter) -> Bool {
    func mayHold(_ value: ValueBounds.Bound) -> Bool {
      BloomHash.hashes(value, column.conversion)?.contains { filter.mightContain($0) } ?? true
    }
    switch condition {
    case .compare(.equal, let value): return mayHold(value)
    case .isIn(let values): return values.contains { mayHold($0) }
    default: return true
    }
  }
}

extension ParquetFile {
  /// Reads a bloom filter; nil for a kind that is not known here.
  fileprivate func bloomFilter(at offset: Int, byteCount: Int?) async throws -> BloomFilter? {
    // A header takes some 20 bytes; where its filter's size is stated, one read fetches both.
    let end = try await source.byteCount
    let first = try await bytes(offset..<min(end, offset + max(64, byteCount ?? 0)))
    guard let header = try BloomFilter.Header(first) else { return nil }
    let whole = header.length + header.byteCount
    guard whole <= end - offset else { throw ParquetError.corrupted("a bloom filter beyond the file's end") }
    let all = whole <= first.count ? first : try await bytes(offset..<offset + whole)
    return BloomFilter(all[header.length..<whole])
  }
}
