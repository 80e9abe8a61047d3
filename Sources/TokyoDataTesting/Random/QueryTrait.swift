/// What makes a query and its answer hard to get right; a test over random queries counts how often it met each.
package enum QueryTrait: String, Sendable, CaseIterable {
  /// A group of null keys.
  case nullGroup
  /// No rows, or none behind an aggregate.
  case emptyResult
  /// A decimal of 38 digits in the answer.
  case widestDecimal
  /// A NaN in the answer.
  case notANumber
  /// A time range that begins or ends within a microsecond of a day's end.
  case dayBoundary
  /// A bound or a value of time that has more digits than milliseconds.
  case belowMillisecond
  /// A limit that cuts through rows which the query's own order does not tell apart.
  case limitWithTies

  /// Those of a query with its answer.
  ///
  /// - Parameter order: The answer to the query's `probe`.
  package static func traits(
    of query: Query, answer: ColumnBatch, order: ColumnBatch?
  ) -> Set<QueryTrait> {
    var traits: Set<QueryTrait> = []
    let rows = (0..<answer.rowCount).map { answer.row($0) }
    let keyCount = query.groupings.count
    if rows.contains(where: { $0.prefix(keyCount).contains(.null) }) { traits.insert(.nullGroup) }
    if rows.isEmpty || (query.isGrouped && keyCount == 0 && rows[0][0] == .int(0)) {
      traits.insert(.emptyResult)
    }
    for value in rows.joined() { traits.formUnion(Self.traits(of: value)) }
    for bound in [query.timeRange.from, query.timeRange.until] {
      guard let bound else { continue }
      if bound.adding(microseconds: 1).day != bound.adding(microseconds: -1).day {
        traits.insert(.dayBoundary)
      }
      traits.formUnion(Self.traits(of: .timestamp(bound)))
    }
    if let order, let limit = query.limit, limit > 0, limit < order.rowCount,
      order.row(limit - 1) == order.row(limit)
    {
      traits.insert(.limitWithTies)
    }
    return traits
  }

  /// What tells the values by which a query's rows are ordered, all of them in their order; nil for a query
  /// without an order or a limit.
  package static func probe(of query: Query) -> Query? {
    guard query.limit != nil, !query.orderings.isEmpty, !query.isGrouped else { return nil }
    var probe = query
    probe.limit = nil
    probe.projections = []
    for ordering in query.orderings where !probe.projections.contains(where: { $0.name == ordering.column }) {
      probe.projections.append(
        query.projections.first { $0.name == ordering.column } ?? Projection(ordering.column))
    }
    return probe
  }

  private static func traits(of value: ColumnValue) -> Set<QueryTrait> {
    switch value {
    case .decimal(let value) where value.unscaled.magnitude >= Decimal128.powerOfTen(37).magnitude:
      [.widestDecimal]
    case .double(let value) where value.isNaN: [.notANumber]
    case .float(let value) where value.isNaN: [.notANumber]
    case .timestamp(let value) where value.microsecondsSince1970 % 1_000 != 0: [.belowMillisecond]
    case .localTimestamp(let value) where value.microsecondsSince1970 % 1_000 != 0: [.belowMillisecond]
    default: []
    }
  }
}
