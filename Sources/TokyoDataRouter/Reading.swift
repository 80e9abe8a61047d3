internal import TokyoDataCore

/// One attempt at an answer: what the snapshot said, and what has been read so far.
struct Reading {
  let query: ResolvedQuery
  let kind: QueryKind
  let asOf: Timestamp
  var days: [PlannedDay]
  var overlayKeys: [Day: ColumnBatch] = [:]
  var merger: ResultMerger
  var read = ReadCounts()
  var cacheUse = CacheUse(.bypass, reason: "no copy is read")

  init(query: ResolvedQuery, kind: QueryKind, asOf: Timestamp, days: [PlannedDay]) {
    self.query = query
    self.kind = kind
    self.asOf = asOf
    self.days = days
    merger = ResultMerger(query)
  }

  /// The ranges of which hot's rows enter the answer: all but the days whose rows come from elsewhere.
  var hotRanges: [TimeRange] {
    let kept = days.filter(\.isKeptFromHot).map(\.day)
    // An undated dataset is one unit: all of it is hot's, or nothing.
    guard query.dataset.isDated else { return kept.isEmpty ? [.unbounded] : [] }
    return query.query.timeRange.excluding(kept)
  }

  /// The versions to scan, with the keys that hot replaces.
  var pinned: [PinnedVersion] {
    // Without a key nothing can be replaced: rows of hot add to the copy's.
    let replaces = !query.dataset.primaryKey.isEmpty
    return days.filter(\.isScanned).compactMap { day in
      day.version.map { PinnedVersion($0, excludedKeys: replaces ? overlayKeys[day.day] : nil) }
    }
  }

  /// The days of which the copy plays a part only if no row of hot answers the query.
  mutating func skipCopies(because reason: String) {
    for index in days.indices where days[index].isScanned { days[index].skipCopy(reason) }
  }

  /// Notes the days whose row counts in the ledger answer, so that nothing is scanned.
  mutating func countFromSummaries() {
    guard let count = SummaryCount(query) else { return }
    for index in days.indices where count.answers(days[index]) { days[index].isCounted = true }
  }

  /// Adds what the ledger's row counts answer.
  mutating func addCounts() throws {
    let counted = days.filter(\.isCounted)
    guard let count = SummaryCount(query), !counted.isEmpty else { return }
    try merger.add(count.batch(of: counted))
    read.summaryRows = counted.reduce(0) { $0 + ($1.version?.rowHash.rowCount ?? 0) }
  }
}
