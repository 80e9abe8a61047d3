internal import TokyoDataCore

extension VersionRecord {
  /// Why no row of this version can enter a query's answer, by its summary; nil where one may.
  func reasonForNoMatch(with query: ResolvedQuery) -> String? {
    if rowHash.rowCount == 0 { return "the copy has no rows" }
    let bounds = SummaryBounds(version: self, schema: query.dataset.schema)
    if let time = query.dataset.timeColumn, bounds.excludes(query.query.timeRange, of: time) {
      return "the copy has no row in the time range"
    }
    let impossible = query.filter?.conjuncts.first { !bounds.outcomes(of: $0).maybeTrue }
    return impossible.map { filter in
      let columns = filter.columns.sorted().joined(separator: ", ")
      return columns.isEmpty
        ? "the filter is never true" : "no row of the copy can match the filter on \(columns)"
    }
  }
}

/// What a version's summary proves about conditions.
///
/// Only exact types take part: bounds of floating-point numbers say nothing of NaN.
struct SummaryBounds {
  let version: VersionRecord
  let schema: ColumnSchema

  /// Which results a condition may have on some row; being null matters to neither.
  struct Outcomes: Equatable {
    var maybeTrue: Bool
    var maybeFalse: Bool

    static let unknown = Outcomes(maybeTrue: true, maybeFalse: true)
    static let never = Outcomes(maybeTrue: false, maybeFalse: false)
  }

  func outcomes(of filter: Filter) -> Outcomes {
    switch filter {
    case .and(let parts):
      let all = parts.map(outcomes(of:))
      return Outcomes(
        maybeTrue: all.allSatisfy(\.maybeTrue), maybeFalse: all.contains(where: \.maybeFalse))
    case .or(let parts):
      let all = parts.map(outcomes(of:))
      return Outcomes(
        maybeTrue: all.contains(where: \.maybeTrue), maybeFalse: all.allSatisfy(\.maybeFalse))
    case .not(let part):
      let outcomes = outcomes(of: part)
      return Outcomes(maybeTrue: outcomes.maybeFalse, maybeFalse: outcomes.maybeTrue)
    case .compare(.column(let name), let comparison, .literal(let value)):
      return outcomes(of: name) { $0.compared(comparison, with: value) }
    case .compare(.literal(let value), let comparison, .column(let name)):
      return outcomes(of: name) { $0.compared(comparison.mirrored, with: value) }
    case .isIn(.column(let name), let values):
      return outcomes(of: name) { bounds in
        Outcomes(
          maybeTrue: values.contains { bounds.compared(.equal, with: $0).maybeTrue }, maybeFalse: true)
      }
    case .between(.column(let name), let least, let greatest):
      return outcomes(of: name) { bounds in
        let (above, below) = (
          bounds.compared(.greaterOrEqual, with: least), bounds.compared(.lessOrEqual, with: greatest)
        )
        return Outcomes(
          maybeTrue: above.maybeTrue && below.maybeTrue, maybeFalse: above.maybeFalse || below.maybeFalse)
      }
    case .isNull(.column(let name)):
      guard let summary = summary(of: name) else { return .unknown }
      return Outcomes(
        maybeTrue: summary.nullCount > 0, maybeFalse: summary.nullCount < version.rowHash.rowCount)
    case .hasPrefix(.column(let name), let prefix):
      return outcomes(of: name) { $0.beginning(with: prefix) }
    default: return .unknown
    }
  }

  /// Every time lies outside the range.
  func excludes(_ range: TimeRange, of timeColumn: String) -> Bool {
    guard let summary = summary(of: timeColumn), let least = summary.minimum?.instant,
      let greatest = summary.maximum?.instant
    else { return false }
    return (range.until.map { $0 <= least } ?? false) || (range.from.map { $0 > greatest } ?? false)
  }

  private func outcomes(of column: String, _ judge: (ValueBounds) -> Outcomes) -> Outcomes {
    guard let summary = summary(of: column) else { return .unknown }
    // A comparison with null is neither true nor false.
    if summary.nullCount == version.rowHash.rowCount { return .never }
    guard let least = summary.minimum, let greatest = summary.maximum else { return .unknown }
    return judge(ValueBounds(least: least, greatest: greatest))
  }

  private func summary(of column: String) -> ColumnSummary? {
    guard let index = schema.index(of: column), let summary = version.summary.columns[column],
      summary.type == schema.fields[index].type, !summary.type.isFloatingPoint
    else { return nil }
    return summary
  }
}

/// The least and the greatest of a column's values.
struct ValueBounds {
  let least: ColumnValue
  let greatest: ColumnValue

  func compared(_ comparison: Filter.Comparison, with value: ColumnValue) -> SummaryBounds.Outcomes {
    guard let low = least.exactOrder(to: value), let high = greatest.exactOrder(to: value) else {
      return .unknown
    }
    return switch comparison {
    case .equal: .init(maybeTrue: low <= 0 && high >= 0, maybeFalse: low != 0 || high != 0)
    case .notEqual: .init(maybeTrue: low != 0 || high != 0, maybeFalse: low <= 0 && high >= 0)
    case .less: .init(maybeTrue: low < 0, maybeFalse: high >= 0)
    case .lessOrEqual: .init(maybeTrue: low <= 0, maybeFalse: high > 0)
    case .greater: .init(maybeTrue: high > 0, maybeFalse: low <= 0)
    case .greaterOrEqual: .init(maybeTrue: high >= 0, maybeFalse: low < 0)
    }
  }

  func beginning(with prefix: String) -> SummaryBounds.Outcomes {
    guard case .string(let least) = least, case .string(let greatest) = greatest else { return .unknown }
    let (low, high, prefix) = (least.utf8, greatest.utf8, prefix.utf8)
    // Texts with the prefix lie together: from the prefix itself to the last that begins with it.
    let mayReach = !high.lexicographicallyPrecedes(prefix)
    let mayBegin = low.lexicographicallyPrecedes(prefix) || low.starts(with: prefix)
    return .init(
      maybeTrue: mayReach && mayBegin,
      maybeFalse: !(low.starts(with: prefix) && high.starts(with: prefix)))
  }
}

extension Filter.Comparison {
  /// The same comparison with its sides exchanged.
  fileprivate var mirrored: Filter.Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension ColumnValue {
  /// Negative, zero or positive as this value is below, equal to or above another; nil where the two do not
  /// compare exactly.
  fileprivate func exactOrder(to other: ColumnValue) -> Int? {
    func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
      left < right ? -1 : (left == right ? 0 : 1)
    }
    switch (self, other) {
    case (.int(let left), .int(let right)): return order(left, right)
    case (.decimal(let left), .decimal(let right)): return order(left, right)
    case (.int(let left), .decimal(let right)): return order(Decimal128(left), right)
    case (.decimal(let left), .int(let right)): return order(left, Decimal128(right))
    case (.date(let left), .date(let right)): return order(left, right)
    case (.timestamp(let left), .timestamp(let right)): return order(left, right)
    case (.localTimestamp(let left), .localTimestamp(let right)): return order(left, right)
    case (.string(let left), .string(let right)): return Self.order(left.utf8, right.utf8)
    case (.bytes(let left), .bytes(let right)): return Self.order(left, right)
    case (.bool(let left), .bool(let right)): return order(left ? 1 : 0, right ? 1 : 0)
    default: return nil
    }
  }

  private static func order(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int {
    if left.lexicographicallyPrecedes(right) { return -1 }
    return right.lexicographicallyPrecedes(left) ? 1 : 0
  }

  /// The instant at which a time column's value stands in a query's time range.
  fileprivate var instant: Timestamp? {
    switch self {
    case .timestamp(let instant): instant
    case .localTimestamp(let local): Timestamp(microsecondsSince1970: local.microsecondsSince1970)
    case .date(let day): day.start
    default: nil
    }
  }
}
