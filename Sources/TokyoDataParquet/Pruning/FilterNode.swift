internal import TokyoDataColumns

/// A filter made ready for a file: columns found, values in the form in which columns and statistics are
/// compared, negations pushed down to the tests.
///
/// With negations in the tests only, a row passes where its tests say "true": null is simply never true.
indirect enum FilterNode: Sendable {
  case test(ColumnTest)
  case and([FilterNode])
  case or([FilterNode])

  /// Always true.
  static var always: FilterNode { .and([]) }
  /// Never true.
  static var never: FilterNode { .or([]) }

  /// - Parameter truth: Whether rows pass for which the filter is true, or those for which it is false.
  /// - Throws: `ParquetError.unknownColumn` or `.unsupported` for columns that cannot be read, and
  ///   `.invalidArgument` for nested ones and for values of another type.
  init(_ filter: ParquetFilter, in file: ParquetFile, passing truth: Bool = true) throws(ParquetError) {
    switch filter {
    case .compare(let name, let comparison, let value):
      let column = try Column(name, in: file)
      self = try Self.compare(column, truth ? comparison : comparison.negated, value)
    case .isIn(let name, let values):
      self = try Self.isIn(try Column(name, in: file), values, truth)
    case .isNull(let name):
      self = .test(ColumnTest(try Column(name, in: file), truth ? .isNull : .isNotNull))
    case .and(let filters):
      let nodes = try Self.nodes(filters, file, truth)
      self = truth ? .and(nodes) : .or(nodes)
    case .or(let filters):
      let nodes = try Self.nodes(filters, file, truth)
      self = truth ? .or(nodes) : .and(nodes)
    case .not(let filter): self = try FilterNode(filter, in: file, passing: !truth)
    }
  }

  private static func nodes(
    _ filters: [ParquetFilter], _ file: ParquetFile, _ truth: Bool
  ) throws(ParquetError) -> [FilterNode] {
    var nodes: [FilterNode] = []
    for filter in filters { nodes.append(try FilterNode(filter, in: file, passing: truth)) }
    return nodes
  }

  private static func compare(
    _ column: Column, _ comparison: ParquetFilter.Comparison, _ value: ColumnValue
  ) throws(ParquetError) -> FilterNode {
    if value.isNull { return .never }
    let literal = try column.literal(value)
    switch literal {
    case .value(let bound): return .test(ColumnTest(column, .compare(comparison, bound)))
    case .nan:
      // Nothing is above NaN, and all but NaN is below.
      switch comparison {
      case .equal, .greaterOrEqual: return .test(ColumnTest(column, .isNaN))
      case .notEqual, .less: return .test(ColumnTest(column, .isNotNaN))
      case .lessOrEqual: return .test(ColumnTest(column, .isNotNull))
      case .greater: return .never
      }
    case .above(let bound):
      // Between two neighbors nothing is equal, and below it means up to the lower one.
      switch comparison {
      case .equal: return .never
      case .notEqual: return .test(ColumnTest(column, .isNotNull))
      case .less, .lessOrEqual: return .test(ColumnTest(column, .compare(.lessOrEqual, bound)))
      case .greater, .greaterOrEqual: return .test(ColumnTest(column, .compare(.greater, bound)))
      }
    case .beyond(let isAbove):
      return comparison.holds(isAbove ? -1 : 1) ? .test(ColumnTest(column, .isNotNull)) : .never
    }
  }

  private static func isIn(
    _ column: Column, _ values: [ColumnValue], _ truth: Bool
  ) throws(ParquetError) -> FilterNode {
    if values.isEmpty { return truth ? .never : .always }
    var bounds: [ValueBounds.Bound] = []
    var hasNaN = false
    // Values that no value of the column can equal are left out.
    for value in values where !value.isNull {
      switch try column.literal(value) {
      case .value(let bound): bounds.append(bound)
      case .nan: hasNaN = true
      case .above, .beyond: break
      }
    }
    // What equals none of the values may still be the unknown one.
    if !truth, values.contains(.null) { return .never }
    let isIn = FilterNode.test(ColumnTest(column, truth ? .isIn(bounds) : .isNotIn(bounds)))
    guard hasNaN else { return isIn }
    let isNaN = FilterNode.test(ColumnTest(column, truth ? .isNaN : .isNotNaN))
    return truth ? .or([isIn, isNaN]) : .and([isIn, isNaN])
  }

  /// The tests of columns, in order.
  var tests: [ColumnTest] {
    switch self {
    case .test(let test): [test]
    case .and(let nodes), .or(let nodes): nodes.flatMap(\.tests)
    }
  }

  /// How many of some rows pass, given how many do by each test.
  func matches(_ test: (ColumnTest) -> Matches) -> Matches {
    switch self {
    case .test(let own): return test(own)
    case .and(let nodes):
      var least = Matches.all
      for node in nodes {
        least = min(least, node.matches(test))
        if least == .none { break }
      }
      return least
    case .or(let nodes):
      var most = Matches.none
      for node in nodes {
        most = max(most, node.matches(test))
        if most == .all { break }
      }
      return most
    }
  }

  /// The rows of which some may match, given those of its tests.
  func rows(of count: Int, _ test: (ColumnTest) -> RowRanges) -> RowRanges {
    switch self {
    case .test(let own): test(own)
    case .and(let nodes):
      nodes.reduce(RowRanges(all: count)) { $0.intersection($1.rows(of: count, test)) }
    case .or(let nodes): nodes.reduce(RowRanges([])) { $0.union($1.rows(of: count, test)) }
    }
  }
}

/// How many of some rows pass, as far as is known without their values.
enum Matches: Int, Comparable {
  case none
  /// Any number of them.
  case some
  case all

  static func < (left: Matches, right: Matches) -> Bool { left.rawValue < right.rawValue }
}

/// A condition on one column.
struct ColumnTest: Sendable {
  enum Condition: Sendable {
    /// The number, if it is one, is not NaN.
    case compare(ParquetFilter.Comparison, ValueBounds.Bound)
    case isIn([ValueBounds.Bound])
    /// The value is not null, and none of these.
    case isNotIn([ValueBounds.Bound])
    case isNull
    case isNotNull
    case isNaN
    /// The value is neither NaN nor null.
    case isNotNaN
  }

  let column: FilterNode.Column
  let condition: Condition

  init(_ column: FilterNode.Column, _ condition: Condition) {
    self.column = column
    self.condition = condition
  }
}
