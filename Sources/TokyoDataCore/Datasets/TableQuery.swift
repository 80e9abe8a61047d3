/// A query over a table, whose filters, groups and aggregates are written with the row's properties.
///
/// ```swift
/// invoices.query
///   .time(in: twoYears)
///   .filter(\.status == "paid" && \.amount >= Decimal128(100))
///   .group(by: .month)
///   .select(.sum(\.amount), .count)
/// ```
///
/// It is a ``Query`` that knows its row type; `query` is what stores and routers take.
public struct TableQuery<Row: DatasetRow>: Sendable {
  /// The query in the terms of every store.
  public private(set) var query: Query

  init(_ query: Query) {
    self.query = query
  }

  /// The same query over a half-open range of instants.
  public func time(in range: TimeRange) -> TableQuery { with { $0.timeRange = range } }

  /// The same query over a half-open range of instants.
  public func time(in range: Range<Timestamp>) -> TableQuery { TableQuery(query.time(in: range)) }

  /// The same query over whole days, both included.
  public func time(in days: ClosedRange<Day>) -> TableQuery { time(in: TimeRange(days)) }

  /// The same query with one more condition that rows must meet.
  public func filter(_ filter: TableFilter<Row>) -> TableQuery { TableQuery(query.filter(filter.filter)) }

  /// The same query for these aggregates.
  public func select(_ aggregates: TableAggregate<Row>...) -> TableQuery {
    with { $0.aggregates += aggregates.map(\.aggregate) }
  }

  /// The same query for the columns of these properties.
  public func select(_ properties: PartialKeyPath<Row>...) -> TableQuery {
    with { $0.projections += properties.map { Projection(Row.columnName(of: $0)) } }
  }

  /// The same query, grouped further.
  public func group(by groupings: TableGrouping<Row>...) -> TableQuery {
    with { $0.groupings += groupings.map(\.grouping) }
  }

  /// The same query, grouped further by the columns of these properties.
  public func group(by properties: PartialKeyPath<Row>...) -> TableQuery {
    with { $0.groupings += properties.map { .column(Row.columnName(of: $0)) } }
  }

  /// The same query with one more condition, on result columns, that groups must meet.
  public func having(_ filter: Filter) -> TableQuery { TableQuery(query.having(filter)) }

  /// The same query, sorted further by result columns.
  public func order(by orderings: Ordering...) -> TableQuery { with { $0.orderings += orderings } }

  /// The same query, sorted further by the columns of these properties, ascending.
  public func order(by properties: PartialKeyPath<Row>...) -> TableQuery {
    with { $0.orderings += properties.map { Ordering(Row.columnName(of: $0)) } }
  }

  /// The same query, sorted further by the column of a property, from greatest to least.
  public func order(byDescending property: PartialKeyPath<Row>) -> TableQuery {
    with { $0.orderings.append(.descending(Row.columnName(of: property))) }
  }

  /// The same query for at most so many rows.
  public func limit(_ limit: Int?) -> TableQuery { TableQuery(query.limit(limit)) }

  /// The same query with other needs.
  public func needing(_ needs: QueryNeeds) -> TableQuery { TableQuery(query.needing(needs)) }

  private func with(_ change: (inout Query) -> Void) -> TableQuery {
    var copy = self
    change(&copy.query)
    return copy
  }
}

extension Table {
  /// The query for all rows and columns; chain what else is wanted.
  public var query: TableQuery<Row> { TableQuery(Query(dataset.name)) }
}
