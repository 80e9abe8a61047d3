internal import TokyoDataCore

/// Null count, least and greatest value of a column, found in its values and not in any statistics.
struct ColumnScan {
  let type: ColumnType
  private(set) var rowCount = 0
  private(set) var nullCount = 0
  private(set) var minimum: ColumnValue?
  private(set) var maximum: ColumnValue?
  /// A NaN is among the values, which have no bounds then.
  private(set) var hasNaN = false

  init(_ type: ColumnType) { self.type = type }

  mutating func add(_ column: ColumnVector) {
    rowCount += column.count
    nullCount += column.nullCount
    let extremes: (least: Int, greatest: Int)? =
      switch column.storage {
      case .bool(let values): Self.extremes(column) { !values[$0] && values[$1] }
      case .int8(let values): Self.extremes(column) { values[$0] < values[$1] }
      case .int16(let values): Self.extremes(column) { values[$0] < values[$1] }
      case .int32(let values): Self.extremes(column) { values[$0] < values[$1] }
      case .int64(let values): Self.extremes(column) { values[$0] < values[$1] }
      case .decimal(let values): Self.extremes(column) { values[$0] < values[$1] }
      case .float(let values):
        noting(values.contains(where: \.isNaN)) { Self.extremes(column) { values[$0] < values[$1] } }
      case .double(let values):
        noting(values.contains(where: \.isNaN)) { Self.extremes(column) { values[$0] < values[$1] } }
      case .byteStrings(let strings):
        Self.extremes(column) { strings[$0].lexicographicallyPrecedes(strings[$1]) }
      // They have no order, and datasets have none of them.
      case .list, .structure, .map: nil
      }
    guard let extremes else { return }
    merge(least: column[extremes.least], greatest: column[extremes.greatest])
  }

  /// Adds the values of other rows of the column.
  mutating func add(_ other: ColumnScan) {
    rowCount += other.rowCount
    nullCount += other.nullCount
    hasNaN = hasNaN || other.hasNaN
    if let least = other.minimum, let greatest = other.maximum { merge(least: least, greatest: greatest) }
  }

  private mutating func merge(least: ColumnValue, greatest: ColumnValue) {
    minimum = minimum.map { (least.order(to: $0) ?? 0) < 0 ? least : $0 } ?? least
    maximum = maximum.map { (greatest.order(to: $0) ?? 0) > 0 ? greatest : $0 } ?? greatest
  }

  private mutating func noting(
    _ sawNaN: Bool, _ find: () -> (least: Int, greatest: Int)?
  ) -> (least: Int, greatest: Int)? {
    hasNaN = hasNaN || sawNaN
    return sawNaN ? nil : find()
  }

  /// The positions of the least and the greatest value that is not null.
  @inline(__always)
  private static func extremes(
    _ column: ColumnVector, _ precedes: (Int, Int) -> Bool
  ) -> (least: Int, greatest: Int)? {
    guard let first = (0..<column.count).first(where: { column.validity[$0] }) else { return nil }
    var (least, greatest) = (first, first)
    for index in first..<column.count where column.validity[index] {
      if precedes(index, least) { least = index }
      if precedes(greatest, index) { greatest = index }
    }
    return (least, greatest)
  }
}
