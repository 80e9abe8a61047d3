/// A resolved filter made ready for whole columns: negations pushed to its leaves, literals in the form in
/// which columns are compared.
///
/// With negations at the leaves only, a row passes where its leaves say "true", so one bit a row carries the
/// three-valued logic: null is simply never true.
package indirect enum FilterProgram: Sendable {
  case constant(Bool)
  case all([FilterProgram])
  case any([FilterProgram])
  case isNull(ColumnExpression, Bool)
  case hasPrefix(ColumnExpression, [UInt8], Bool)
  /// The value is one of the literals, or (false) not null and none of them.
  case isIn(ColumnExpression, LiteralSet, Bool)
  case literal(ColumnExpression, Filter.Comparison, ComparisonLiteral)
  case columns(ColumnExpression, Filter.Comparison, ColumnExpression)

  /// For a filter that `resolver` has resolved.
  init(_ filter: Filter, _ resolver: ExpressionResolver, wanting truth: Bool = true) throws(TokyoDataError) {
    switch filter {
    case .and(let filters):
      let parts = try Self.parts(filters, resolver, truth)
      self = truth ? .all(parts) : .any(parts)
    case .or(let filters):
      let parts = try Self.parts(filters, resolver, truth)
      self = truth ? .any(parts) : .all(parts)
    case .not(let inner): self = try FilterProgram(inner, resolver, wanting: !truth)
    case .isNull(let value):
      if case .literal(let literal) = value {
        self = .constant(literal.isNull == truth)
      } else {
        self = .isNull(value, truth)
      }
    case .hasPrefix(let value, let prefix): self = .hasPrefix(value, Array(prefix.utf8), truth)
    case .between(let value, let low, let high):
      let bounds = Filter.and([
        .compare(value, .greaterOrEqual, .literal(low)), .compare(value, .lessOrEqual, .literal(high)),
      ])
      self = try FilterProgram(bounds, resolver, wanting: truth)
    case .isIn(let value, let list):
      self = try Self.membership(value, list, resolver, truth)
    case .compare(let left, let comparison, let right):
      self = try Self.comparison(left, truth ? comparison : comparison.negated, right, resolver)
    }
  }

  private static func parts(
    _ filters: [Filter], _ resolver: ExpressionResolver, _ truth: Bool
  ) throws(TokyoDataError) -> [FilterProgram] {
    var parts: [FilterProgram] = []
    for filter in filters { parts.append(try FilterProgram(filter, resolver, wanting: truth)) }
    return parts
  }

  private static func comparison(
    _ left: ColumnExpression, _ comparison: Filter.Comparison, _ right: ColumnExpression,
    _ resolver: ExpressionResolver
  ) throws(TokyoDataError) -> FilterProgram {
    if case .literal(.null) = left { return constant(false, computing: right) }
    if case .literal(.null) = right { return constant(false, computing: left) }
    if case .literal(let literal) = right {
      return .literal(left, comparison, ComparisonLiteral(literal, beside: try resolver.typed(left).1))
    }
    if case .literal(let literal) = left {
      return .literal(
        right, comparison.mirrored, ComparisonLiteral(literal, beside: try resolver.typed(right).1))
    }
    return .columns(left, comparison, right)
  }

  private static func membership(
    _ value: ColumnExpression, _ list: [ColumnValue], _ resolver: ExpressionResolver, _ truth: Bool
  ) throws(TokyoDataError) -> FilterProgram {
    // As an `or` of no comparisons: false for every value, null included.
    guard !list.isEmpty else { return constant(!truth, computing: value) }
    if !truth && list.contains(.null) { return constant(false, computing: value) }
    let type = try resolver.typed(value).1
    let literals = list.filter { !$0.isNull }.map { ComparisonLiteral($0, beside: type) }
    return .isIn(value, LiteralSet(literals), truth)
  }

  /// What is known without the value; it is computed all the same where that may overflow, so that an error
  /// does not hang on the literal beside it.
  private static func constant(_ truth: Bool, computing value: ColumnExpression) -> FilterProgram {
    guard value.computes else { return .constant(truth) }
    return truth
      ? .any([.constant(true), .isNull(value, true)]) : .all([.constant(false), .isNull(value, true)])
  }

  /// The filter computes something, which may overflow on a row.
  var computes: Bool {
    switch self {
    case .constant: false
    case .all(let parts), .any(let parts): parts.contains(where: \.computes)
    case .isNull(let value, _), .hasPrefix(let value, _, _), .isIn(let value, _, _),
      .literal(let value, _, _):
      value.computes
    case .columns(let left, _, let right): left.computes || right.computes
    }
  }
}

extension ResolvedQuery {
  /// The filter made ready, for whoever evaluates it or renders it in another language; nil without one.
  package var filterProgram: FilterProgram? {
    get throws(TokyoDataError) {
      guard let filter else { return nil }
      return try FilterProgram(filter, ExpressionResolver(schema: dataset.schema))
    }
  }
}

extension ColumnExpression {
  fileprivate var computes: Bool {
    switch self {
    case .column, .literal: false
    case .add, .subtract, .multiply: true
    }
  }
}

extension Filter.Comparison {
  /// The one that holds exactly where this one does not, between values that are not null.
  var negated: Filter.Comparison {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }

  /// The same with its sides exchanged.
  package var mirrored: Filter.Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }

  /// What it says of sides whose order is negative, zero or positive.
  @inline(__always)
  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}
