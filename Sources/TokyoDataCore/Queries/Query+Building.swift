extension Query {
  /// The same query over a half-open range of instants.
  public func time(in range: TimeRange) -> Query { with { $0.timeRange = range } }

  /// The same query over a half-open range of instants.
  public func time(in range: Range<Timestamp>) -> Query {
    time(in: TimeRange(from: range.lowerBound, until: range.upperBound))
  }

  /// The same query with one more condition that rows must meet.
  public func filter(_ filter: Filter) -> Query {
    with { $0.filter = $0.filter.map { $0 && filter } ?? filter }
  }

  /// The same query for these columns.
  public func select(_ projections: Projection...) -> Query { with { $0.projections += projections } }

  /// The same query for these aggregates.
  public func select(_ aggregates: Aggregate...) -> Query { with { $0.aggregates += aggregates } }

  /// The same query, grouped further.
  public func group(by groupings: Grouping...) -> Query { with { $0.groupings += groupings } }

  /// The same query with one more condition that groups must meet.
  public func having(_ filter: Filter) -> Query {
    with { $0.having = $0.having.map { $0 && filter } ?? filter }
  }

  /// The same query, sorted further.
  public func order(by orderings: Ordering...) -> Query { with { $0.orderings += orderings } }

  /// The same query for at most so many rows.
  public func limit(_ limit: Int?) -> Query { with { $0.limit = limit } }

  /// The same query with other needs.
  public func needing(_ needs: QueryNeeds) -> Query { with { $0.needs = needs } }

  private func with(_ change: (inout Query) -> Void) -> Query {
    var copy = self
    change(&copy)
    return copy
  }
}
