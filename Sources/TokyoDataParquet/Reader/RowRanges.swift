/// Rows of a row group: ascending ranges that neither touch nor overlap.
struct RowRanges: Hashable, Sendable {
  private(set) var ranges: [Range<Int>] = []

  /// The first rows, which are all of a row group that has so many.
  init(all count: Int) { if count > 0 { ranges = [0..<count] } }

  /// The rows that any of some ranges has, whatever their order.
  init(_ ranges: [Range<Int>]) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = self.ranges.last, range.lowerBound <= last.upperBound {
        self.ranges[self.ranges.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        self.ranges.append(range)
      }
    }
  }

  /// The number of rows.
  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  var isEmpty: Bool { ranges.isEmpty }

  /// Some rows of a range are among these.
  func overlaps(_ rows: Range<Int>) -> Bool {
    // The first range that ends behind where the rows begin.
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound > rows.lowerBound { high = middle } else { low = middle + 1 }
    }
    return low < ranges.count && ranges[low].overlaps(rows)
  }

  /// How many of the rows lie before a row.
  func count(before row: Int) -> Int {
    var count = 0
    for range in ranges {
      guard range.lowerBound < row else { break }
      count += min(range.upperBound, row) - range.lowerBound
    }
    return count
  }

  /// The same rows and those between two of them, where these are no more than `gap`.
  func closingGaps(upTo gap: Int) -> RowRanges {
    var closed: [Range<Int>] = []
    for range in ranges {
      if let last = closed.last, range.lowerBound - last.upperBound <= gap {
        closed[closed.count - 1] = last.lowerBound..<range.upperBound
      } else {
        closed.append(range)
      }
    }
    return RowRanges(closed)
  }

  /// The rows that both have.
  func intersection(_ other: RowRanges) -> RowRanges {
    var common: [Range<Int>] = []
    var (left, right) = (0, 0)
    while left < ranges.count, right < other.ranges.count {
      let (first, second) = (ranges[left], other.ranges[right])
      if first.overlaps(second) { common.append(first.clamped(to: second)) }
      if first.upperBound < second.upperBound { left += 1 } else { right += 1 }
    }
    return RowRanges(common)
  }

  /// The rows that either has.
  func union(_ other: RowRanges) -> RowRanges { RowRanges(ranges + other.ranges) }

  /// Takes the first `count` rows away and gives them.
  mutating func takeFirst(_ count: Int) -> [Range<Int>] {
    var taken: [Range<Int>] = []
    var left = count
    var used = 0
    while used < ranges.count, left > 0 {
      let range = ranges[used]
      if range.count <= left {
        taken.append(range)
        left -= range.count
        used += 1
      } else {
        taken.append(range.lowerBound..<range.lowerBound + left)
        ranges[used] = range.lowerBound + left..<range.upperBound
        left = 0
      }
    }
    ranges.removeFirst(used)
    return taken
  }
}
