// swift-format-ignore-file: NeverForceUnwrap
// A nil here is a mistake in the test itself; the trap names its line.

import Testing
import TokyoDataCore

/// The meaning of a query, a row and a value at a time: slow, plain, and written without the evaluator.
struct NaiveEvaluator {
  struct Overflow: Error {}

  let query: Query
  let dataset: Dataset
  typealias Row = [ColumnValue]

  func answer(_ rows: [Row]) throws -> [Row] {
    let passing = try rows.filter { row in
      guard case .timestamp(let time) = value("at", row) else { return false }
      guard query.timeRange.contains(time) else { return false }
      return try query.filter.map { try truth($0, row) == true } ?? true
    }
    return query.isGrouped ? try groups(passing) : try shown(passing)
  }

  // MARK: Values

  func value(_ column: String, _ row: Row) -> ColumnValue { row[dataset.schema.index(of: column)!] }

  func isFloat(_ expression: ColumnExpression) -> Bool {
    switch expression {
    case .column(let name): return ["f", "d"].contains(name)
    case .literal: return false
    case .add(let left, let right), .subtract(let left, let right), .multiply(let left, let right):
      return isFloat(left) || isFloat(right)
    }
  }

  /// A literal next to something: exact beside exact things, a double beside inexact ones.
  func adapted(_ literal: ColumnValue, besideFloat: Bool) -> ColumnValue {
    if besideFloat { return number(literal).map { .double($0) } ?? literal }
    if case .double(let value) = literal {
      if value == 1e30 { return .decimal(Decimal128("1" + String(repeating: "0", count: 30))!) }
      return .decimal(Decimal128(value.description)!)
    }
    return literal
  }

  func evaluate(_ expression: ColumnExpression, _ row: Row) throws -> ColumnValue {
    switch expression {
    case .column(let name): return value(name, row)
    case .literal(let value): return value
    case .add(let left, let right):
      return try combine(left, right, row, { $0.addingReportingOverflow($1) }, { try $0.adding($1) }, +)
    case .subtract(let left, let right):
      return try combine(
        left, right, row, { $0.subtractingReportingOverflow($1) }, { try $0.subtracting($1) }, -)
    case .multiply(let left, let right):
      return try combine(
        left, right, row, { $0.multipliedReportingOverflow(by: $1) }, { try $0.multiplied(by: $1) }, *)
    }
  }

  private func combine(
    _ left: ColumnExpression, _ right: ColumnExpression, _ row: Row,
    _ integers: (Int64, Int64) -> (partialValue: Int64, overflow: Bool),
    _ decimals: (Decimal128, Decimal128) throws -> Decimal128, _ doubles: (Double, Double) -> Double
  ) throws -> ColumnValue {
    let float = isFloat(left) || isFloat(right)
    var (a, b) = (try evaluate(left, row), try evaluate(right, row))
    if case .literal(let value) = left { a = adapted(value, besideFloat: float) }
    if case .literal(let value) = right { b = adapted(value, besideFloat: float) }
    if a.isNull || b.isNull { return .null }
    if float { return .double(doubles(number(a)!, number(b)!)) }
    if case .int(let x) = a, case .int(let y) = b {
      let (result, overflow) = integers(x, y)
      if overflow { throw Overflow() }
      return .int(result)
    }
    return .decimal(try decimals(exact(a)!, exact(b)!))
  }

  func number(_ value: ColumnValue) -> Double? {
    switch value {
    case .int(let value): Double(value)
    case .float(let value): Double(value)
    case .double(let value): value
    case .decimal(let value): Double(value.description)
    default: nil
    }
  }

  func exact(_ value: ColumnValue) -> Decimal128? {
    switch value {
    case .int(let value): Decimal128(value)
    case .decimal(let value): value
    default: nil
    }
  }

  /// The order of two values that are not null.
  func order(_ left: ColumnValue, _ right: ColumnValue) -> Int {
    func sign<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : (a == b ? 0 : 1) }
    switch (left, right) {
    case (.bool(let a), .bool(let b)): return sign(a ? 1 : 0, b ? 1 : 0)
    case (.string(let a), .string(let b)):
      let (x, y) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
      return x.lexicographicallyPrecedes(y) ? -1 : (x == y ? 0 : 1)
    case (.bytes(let a), .bytes(let b)): return a.lexicographicallyPrecedes(b) ? -1 : (a == b ? 0 : 1)
    case (.date(let a), .date(let b)): return sign(a, b)
    case (.timestamp(let a), .timestamp(let b)): return sign(a, b)
    case (.localTimestamp(let a), .localTimestamp(let b)): return sign(a, b)
    default:
      if let a = exact(left), let b = exact(right) { return sign(a, b) }
      let (a, b) = (number(left)!, number(right)!)
      if a.isNaN || b.isNaN { return a.isNaN ? (b.isNaN ? 0 : 1) : -1 }
      return sign(a, b)
    }
  }

  // MARK: Conditions

  /// True, false, or nil for SQL's unknown.
  func truth(_ filter: Filter, _ row: Row) throws -> Bool? {
    switch filter {
    case .and(let filters):
      let truths = try filters.map { try truth($0, row) }
      return truths.contains(false) ? false : (truths.contains(nil) ? nil : true)
    case .or(let filters):
      let truths = try filters.map { try truth($0, row) }
      return truths.contains(true) ? true : (truths.contains(nil) ? nil : false)
    case .not(let filter): return try truth(filter, row).map { !$0 }
    case .isNull(let value): return try evaluate(value, row).isNull
    case .hasPrefix(let value, let prefix):
      guard case .string(let text) = try evaluate(value, row) else { return nil }
      return Array(text.unicodeScalars).starts(with: Array(prefix.unicodeScalars))
    case .between(let value, let low, let high):
      return try truth(
        .and([.compare(value, .greaterOrEqual, .literal(low)), .compare(value, .lessOrEqual, .literal(high))]
        ), row)
    case .isIn(let value, let list):
      _ = try evaluate(value, row)
      return try truth(.or(list.map { .compare(value, .equal, .literal($0)) }), row)
    case .compare(let left, let comparison, let right):
      let (a, b) = (try operand(left, beside: right, row), try operand(right, beside: left, row))
      guard !a.isNull, !b.isNull else { return nil }
      let order = order(a, b)
      switch comparison {
      case .equal: return order == 0
      case .notEqual: return order != 0
      case .less: return order < 0
      case .lessOrEqual: return order <= 0
      case .greater: return order > 0
      case .greaterOrEqual: return order >= 0
      }
    }
  }

  private func operand(_ side: ColumnExpression, beside other: ColumnExpression, _ row: Row) throws
    -> ColumnValue
  {
    guard case .literal(let literal) = side else { return try evaluate(side, row) }
    if case .string(let text) = literal, case .column(let name) = other {
      switch name {
      case "date": return .date(Day(text)!)
      case "at": return .timestamp(Timestamp(text)!)
      case "loc": return .localTimestamp(LocalTimestamp(text)!)
      default: return literal
      }
    }
    return adapted(literal, besideFloat: isFloat(other))
  }

  // MARK: Rows

  private func shown(_ rows: [Row]) throws -> [Row] {
    let shown =
      query.projections.isEmpty ? dataset.schema.fields.map { Projection($0.name) } : query.projections
    var pairs = try rows.map { row in (row, try shown.map { try evaluate($0.expression, row) }) }
    if !query.orderings.isEmpty {
      pairs.sort { left, right in
        for ordering in query.orderings + ["id"] {
          let order = compare(value(ordering.column, left.0), value(ordering.column, right.0), ordering)
          if order != 0 { return order < 0 }
        }
        return false
      }
    }
    return pairs.prefix(query.limit ?? pairs.count).map(\.1)
  }

  private func compare(_ left: ColumnValue, _ right: ColumnValue, _ ordering: Ordering) -> Int {
    if left.isNull || right.isNull {
      if left.isNull && right.isNull { return 0 }
      return left.isNull == ordering.nullsFirst ? -1 : 1
    }
    return ordering.isDescending ? -order(left, right) : order(left, right)
  }

  // MARK: Groups

  private func groups(_ rows: [Row]) throws -> [Row] {
    var groups: [(key: Row, rows: [Row])] = query.groupings.isEmpty ? [([], [])] : []
    for row in rows {
      let key = query.groupings.map { self.key($0, row) }
      if let index = groups.firstIndex(where: { Self.same($0.key, key) }) {
        groups[index].rows.append(row)
      } else {
        groups.append((key, [row]))
      }
    }
    let names = query.groupings.map(\.name) + query.aggregates.map(\.name)
    var answer = try groups.map { group in
      try group.key + query.aggregates.map { try aggregate($0, group.rows) }
    }
    if let having = query.having, case .compare(.column(let name), .greater, .literal(let bound)) = having {
      answer = answer.filter { order($0[names.firstIndex(of: name)!], bound) > 0 }
    }
    answer.sort { left, right in
      for ordering in query.orderings + query.groupings.map({ Ordering($0.name) }) {
        let column = names.firstIndex(of: ordering.column)!
        let order = compare(left[column], right[column], ordering)
        if order != 0 { return order < 0 }
      }
      return false
    }
    return Array(answer.prefix(query.limit ?? answer.count))
  }

  private func key(_ grouping: Grouping, _ row: Row) -> ColumnValue {
    switch grouping {
    case .column(let name): return normal(value(name, row))
    case .bucket(let bucket):
      let time = value(bucket.column ?? "at", row)
      let day: Day
      switch time {
      case .date(let value): day = value
      case .timestamp(let value): day = value.day
      case .localTimestamp(let value): day = value.day
      default: return .null
      }
      // Walk back to the first day of the bucket.
      var start = day
      while !begins(bucket.unit, start) { start = start.advanced(by: -1) }
      return .date(start)
    }
  }

  private func begins(_ unit: TimeBucket.Unit, _ day: Day) -> Bool {
    let (_, month, dayOfMonth) = day.civil
    switch unit {
    case .day: return true
    case .week: return (Int(day.daysSince1970) - 4) % 7 == 0  // 1970-01-05 was a Monday
    case .month: return dayOfMonth == 1
    case .quarter: return dayOfMonth == 1 && [1, 4, 7, 10].contains(month)
    case .year: return dayOfMonth == 1 && month == 1
    }
  }

  /// −0.0 is 0.0 where values are grouped or the least is sought.
  private func normal(_ value: ColumnValue) -> ColumnValue {
    switch value {
    case .float(let value): .float(value == 0 ? 0 : value)
    case .double(let value): .double(value == 0 ? 0 : value)
    default: value
    }
  }

  private func aggregate(_ aggregate: Aggregate, _ rows: [Row]) throws -> ColumnValue {
    guard let operand = aggregate.function.operand else { return .int(Int64(rows.count)) }
    let values = try rows.map { try evaluate(operand, $0) }.filter { !$0.isNull }
    switch aggregate.function {
    case .countRows, .count: return .int(Int64(values.count))
    case .min: return values.reduce(nil) { $0.isNull || order($1, $0) < 0 ? normal($1) : $0 }
    case .max: return values.reduce(nil) { $0.isNull || order($1, $0) > 0 ? normal($1) : $0 }
    case .sum, .average:
      guard let first = values.first else { return .null }
      let isMean = aggregate.function.keyword == "avg"
      if exact(first) == nil {
        let sum = values.reduce(0) { $0 + number($1)! }
        return .double(isMean ? sum / Double(values.count) : sum)
      }
      let sum = try values.reduce(Decimal128(0)) { try $0.adding(exact($1)!) }
      return .decimal(isMean ? try sum.mean(of: Int64(values.count)) : sum)
    }
  }

  // MARK: Comparing answers

  /// Equal up to NaN; decimals as numbers.
  static func same(_ left: Row, _ right: Row) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { a, b in
        switch (a, b) {
        case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
        case (.float(let a), .float(let b)): a == b || (a.isNaN && b.isNaN)
        default: a == b
        }
      }
  }
}
