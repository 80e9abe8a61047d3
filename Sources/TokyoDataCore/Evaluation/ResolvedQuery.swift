/// A query checked against its dataset: every name known, every type settled, every literal converted.
///
/// Stores read it, the merge finishes it; both work from the same columns in the same order.
public struct ResolvedQuery: Sendable {
  /// The query as it was asked.
  public let query: Query
  /// The dataset it was checked against.
  public let dataset: Dataset
  /// The query's filter with literals of the types they are compared with.
  ///
  /// A number that its column cannot hold stays as it is: an `int` beyond the column's range, a `decimal`
  /// with more places, a `double` beyond 38 digits. Comparisons with it are exact all the same.
  public let filter: Filter?
  /// What each tier gives, in order.
  public let partialColumns: [PartialColumn]
  /// The schema of the batches that each tier gives; its names only tell the columns apart.
  ///
  /// All but counts are nullable, since a column younger than a version reads as null.
  public let partialSchema: ColumnSchema
  /// The schema of the answer.
  public let resultSchema: ColumnSchema
  /// The order of the rows of an answer; empty where any order will do.
  ///
  /// For rows the columns are those of `partialColumns`; for groups those of `resultSchema`. What the query
  /// orders by comes first; the primary key and the time (for rows that are sorted), or the group keys,
  /// settle ties.
  public let sortKeys: [SortKey]
  /// The query's `having` with literals of the types of the result's columns.
  public let having: Filter?
  /// Where the states of each aggregate stand in `partialColumns`.
  let aggregateStates: [AggregateStates]

  /// Checks a query against a dataset.
  ///
  /// - Throws: `TokyoDataError` naming the column: an unknown one, a comparison or aggregate that its type
  ///   does not have, a result name used twice, a zone other than UTC, a time range on an undated dataset.
  public init(_ query: Query, for dataset: Dataset) throws(TokyoDataError) {
    do throws(TokyoDataError) {
      var layout = ResultLayout(dataset)
      let resolver = ExpressionResolver(schema: dataset.schema)
      try Self.checkRange(of: query, dataset)
      if query.isGrouped { try layout.addGroups(of: query) } else { try layout.addRows(of: query) }
      self.query = query
      self.dataset = dataset
      if let filter = query.filter { self.filter = try resolver.resolve(filter) } else { filter = nil }
      partialColumns = layout.partialColumns
      partialSchema = try layout.partialSchema()
      resultSchema = try layout.resultSchema()
      sortKeys = layout.sortKeys
      aggregateStates = layout.aggregateStates
      if let having = query.having {
        self.having = try ExpressionResolver(schema: resultSchema).resolve(having)
      } else {
        having = nil
      }
    } catch {
      throw error.adding(.init(dataset: dataset.name))
    }
  }

  /// The columns of the dataset that a tier reads to answer, in the dataset's order.
  ///
  /// The time column is among them where the query's time range has an end.
  public var columnsRead: [String] {
    var names = filter?.columns ?? []
    for column in partialColumns { names.formUnion(column.columns(of: dataset)) }
    if query.timeRange != .unbounded, let timeColumn = dataset.timeColumn { names.insert(timeColumn) }
    return dataset.schema.fields.map(\.name).filter(names.contains)
  }

  /// The type of an expression over the dataset's columns.
  public func type(of expression: ColumnExpression) throws(TokyoDataError) -> ColumnType {
    do throws(TokyoDataError) {
      return try ExpressionResolver(schema: dataset.schema).typed(expression).1
    } catch {
      throw error.adding(.init(dataset: dataset.name))
    }
  }

  private static func checkRange(of query: Query, _ dataset: Dataset) throws(TokyoDataError) {
    guard query.dataset == dataset.name else {
      throw TokyoDataError(.invalidArgument, "the query asks for another dataset, \(query.dataset)")
    }
    if let limit = query.limit, limit < 0 {
      throw TokyoDataError(.invalidArgument, "a limit is 0 or more")
    }
    guard query.timeRange != .unbounded else { return }
    guard dataset.isDated else {
      throw TokyoDataError(.invalidArgument, "a dataset without a time column takes no time range")
    }
    if dataset.timeType == .localTimestamp, !TimeBucket.isUTC(dataset.policy.timeZone ?? "") {
      throw TokyoDataError(
        .unsupported, "a time range over local times needs the dataset's zone to be UTC",
        context: .init(column: dataset.timeColumn))
    }
  }
}

/// A column to sort an answer by.
public struct SortKey: Hashable, Sendable {
  /// The column's position, from 0.
  public var column: Int
  /// From greatest to least.
  public var isDescending: Bool
  /// Nulls come before all values.
  public var nullsFirst: Bool
}
