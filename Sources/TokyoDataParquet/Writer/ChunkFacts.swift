/// Collects, page by page, what the footer and the indexes say about a chunk.
struct ChunkFacts {
  private let settings: ChunkSettings
  private var plans: [PagePlan] = []
  private var pageBounds: [ValueBounds?] = []
  private var byteArrayBytes: [Int] = []
  private var histograms: [LevelHistograms] = []

  init(_ settings: ChunkSettings) { self.settings = settings }

  mutating func add(_ page: PagePlan, _ levels: ChunkLevels, bounds: ValueBounds?, byteArrayBytes: Int?) {
    plans.append(page)
    pageBounds.append(bounds)
    if let byteArrayBytes { self.byteArrayBytes.append(byteArrayBytes) }
    histograms.append(LevelHistograms(page, levels, settings.leaf))
  }

  private var valueCount: Int { plans.reduce(0) { $0 + $1.values.count } }
  private var slotCount: Int { plans.reduce(0) { $0 + $1.slots.count } }

  /// The bounds of all pages; nil without values, or where a page with values has none.
  private var bounds: ValueBounds? {
    var merged: ValueBounds?
    for (page, bounds) in zip(plans, pageBounds) where !page.values.isEmpty {
      guard let bounds else { return nil }
      if merged == nil { merged = bounds } else { merged?.merge(bounds) }
    }
    return merged
  }

  consuming func finish(
    _ writer: consuming PageWriter, _ verdict: EncodingChooser.Verdict, _ bloomFilter: BloomFilter?
  ) -> EncodedChunk {
    let (bounds, nullCount) = (bounds, slotCount - valueCount)
    let isByteArray = !byteArrayBytes.isEmpty
    let offsetIndex = ParquetOffsetIndex(
      pages: writer.pages,
      byteArrayBytes: isByteArray && settings.options.writesSizeStatistics ? byteArrayBytes : nil)
    var description = describe(verdict, hasDictionary: writer.dictionaryPageOffset != nil)
    description.uncompressedBytes = writer.uncompressedBytes
    description.dataPageOffset = writer.pages.first?.offset ?? 0
    description.dictionaryPageOffset = writer.dictionaryPageOffset
    description.encodedStatistics = EncodedStatistics(
      nullCount: nullCount, bounds: bounds, of: settings.element, isText: settings.isText,
      limit: settings.options.statisticsBytes)
    let columnIndex = columnIndex()
    let bytes = writer.finish()
    description.encodedBytes = bytes.count
    let record = ChunkRecord(
      description: description, offsetIndex: offsetIndex, columnIndex: columnIndex,
      bloomFilter: bloomFilter, nullCount: nullCount, bounds: bounds, verdict: verdict)
    return EncodedChunk(bytes: bytes, record: record)
  }

  private func describe(_ verdict: EncodingChooser.Verdict, hasDictionary: Bool) -> ParquetColumnChunk {
    let (leaf, encoding) = (settings.leaf, verdict.encoding)
    var description = ParquetColumnChunk(
      physicalType: settings.element.physicalType ?? .byteArray, codec: verdict.codec, valueCount: slotCount,
      uncompressedBytes: 0, encodedBytes: 0, dataPageOffset: 0)
    description.path = leaf.path
    if hasDictionary {
      description.encodings.append(.plain)
      description.pageCounts = [ParquetPageCount(type: .dictionary, encoding: .plain, count: 1)]
    }
    let hasLevels = leaf.maximumDefinitionLevel > 0 || leaf.maximumRepetitionLevel > 0
    if hasLevels, encoding != .rle { description.encodings.append(.rle) }
    description.encodings.append(encoding)
    description.pageCounts =
      (description.pageCounts ?? []) + [
        ParquetPageCount(
          type: settings.pageVersion == 1 ? .data : .dataV2, encoding: encoding,
          count: Int32(truncatingIfNeeded: plans.count))
      ]
    if settings.options.writesSizeStatistics {
      var sizes = ParquetSizeStatistics()
      if !byteArrayBytes.isEmpty { sizes.byteArrayBytes = byteArrayBytes.reduce(0, +) }
      sizes.definitionLevels = LevelHistograms.sum(histograms.map(\.definition))
      sizes.repetitionLevels = LevelHistograms.sum(histograms.map(\.repetition))
      description.sizeStatistics = sizes
    }
    return description
  }

  private func columnIndex() -> ParquetColumnIndex? {
    var index = ParquetColumnIndex()
    index.nullPages = plans.map(\.values.isEmpty)
    index.nullCounts = plans.map { $0.slots.count - $0.values.count }
    var order = PageOrder()
    for (page, bounds) in zip(plans, pageBounds) {
      guard !page.values.isEmpty else {
        index.minimums.append([])
        index.maximums.append([])
        continue
      }
      // Pages of the index have bounds or no values: readers would take a missing bound for a null page.
      guard let bounds = bounds?.cut(to: settings.options.statisticsBytes, isText: settings.isText) else {
        return nil
      }
      index.minimums.append(bounds.minimum.encoded(for: settings.element))
      index.maximums.append(bounds.maximum.encoded(for: settings.element))
      order.add(bounds)
    }
    index.order = order.order
    // A page with NaN has no bounds, and then there is no index.
    let isFloatingPoint = settings.element.physicalType == .float || settings.element.physicalType == .double
    if isFloatingPoint { index.nanCounts = plans.map { _ in 0 } }
    if settings.options.writesSizeStatistics {
      index.definitionLevels = histograms.flatMap(\.definition)
      index.repetitionLevels = histograms.flatMap(\.repetition)
    }
    return index
  }
}

/// How many slots of a page have each level; empty where there is no such level.
struct LevelHistograms: Hashable {
  let definition: [Int]
  let repetition: [Int]

  init(_ page: PagePlan, _ levels: ChunkLevels, _ leaf: LeafColumn) {
    switch levels {
    case .flat:
      let nulls = page.slots.count - page.values.count
      definition = leaf.maximumDefinitionLevel > 0 ? [nulls, page.values.count] : []
      repetition = []
    case .nested(let slots, let maximumDefinition, let maximumRepetition):
      definition = Self.count(slots.definition, page.slots, maximumDefinition)
      repetition = Self.count(slots.repetition, page.slots, maximumRepetition)
    }
  }

  private static func count(_ levels: [UInt8], _ slots: Range<Int>, _ maximum: UInt8) -> [Int] {
    guard maximum > 0 else { return [] }
    var counts = [Int](repeating: 0, count: Int(maximum) + 1)
    for level in levels[slots] { counts[Int(level)] += 1 }
    return counts
  }

  static func sum(_ pages: [[Int]]) -> [Int] {
    guard var total = pages.first else { return [] }
    for page in pages.dropFirst() {
      for (level, count) in page.enumerated() { total[level] += count }
    }
    return total
  }
}

/// How the bounds of the pages that hold values follow each other.
private struct PageOrder {
  private var last: ValueBounds?
  private var (isAscending, isDescending) = (true, true)

  mutating func add(_ bounds: ValueBounds) {
    if let last {
      if bounds.minimum < last.minimum || bounds.maximum < last.maximum { isAscending = false }
      if last.minimum < bounds.minimum || last.maximum < bounds.maximum { isDescending = false }
    }
    last = bounds
  }

  /// Where all bounds are equal both orders hold, and the first is written.
  var order: ParquetColumnIndex.Order {
    isAscending ? .ascending : isDescending ? .descending : .unordered
  }
}
