/// Tells which rows lie in a query's time range and in the ranges that a tier is to read.
struct TimeMask {
  /// Ranges of microseconds in ascending order that do not touch.
  private let ranges: [(from: Int64, until: Int64)]
  private let isEverything: Bool

  init(_ query: ResolvedQuery, in ranges: [TimeRange]?) {
    let wanted = (ranges ?? [.unbounded]).map { $0.intersection(query.query.timeRange) }
    isEverything = wanted.contains(.unbounded)
    self.ranges = wanted.filter { !$0.isEmpty }
      .map { ($0.from?.microsecondsSince1970 ?? .min, $0.until.map(\.microsecondsSince1970) ?? .max) }
      .sorted { $0.from < $1.from }
  }

  /// One truth a row; nil where all rows lie inside.
  func mask(_ batch: ColumnBatch, _ dataset: Dataset) throws(TokyoDataError) -> [Bool]? {
    guard !isEverything, let name = dataset.timeColumn else { return nil }
    let column: ColumnVector
    do throws(ColumnError) { column = try batch.column(name) } catch {
      throw TokyoDataError(.invalidArgument, "a batch lacks the time column", context: .init(column: name))
    }
    var times = column.integers
    if column.type == .date { for row in times.indices { times[row] *= CivilCalendar.microsecondsPerDay } }
    var mask: [Bool]
    switch ranges.count {
    case 0: mask = Array(repeating: false, count: times.count)
    case 1:
      let (from, until) = ranges[0]
      // An open end takes the last instant too.
      mask = until == .max ? times.map { $0 >= from } : times.map { $0 >= from && $0 < until }
    default: mask = times.map(contains)
    }
    for row in mask.indices where column.nullCount > 0 && !column.validity[row] { mask[row] = false }
    return mask.contains(false) ? mask : nil
  }

  private func contains(_ time: Int64) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].from <= time { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    return time < ranges[low - 1].until || ranges[low - 1].until == .max
  }
}
