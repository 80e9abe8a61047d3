/// Lays out what the tiers give and what the answer shows, while a query is resolved.
struct ResultLayout {
  let dataset: Dataset
  private(set) var partialColumns: [PartialColumn] = []
  private(set) var sortKeys: [SortKey] = []
  private(set) var aggregateStates: [AggregateStates] = []
  private var partialTypes: [ColumnType] = []
  private var resultFields: [ColumnField] = []
  private let resolver: ExpressionResolver

  init(_ dataset: Dataset) {
    self.dataset = dataset
    resolver = ExpressionResolver(schema: dataset.schema)
  }

  func partialSchema() throws(TokyoDataError) -> ColumnSchema {
    let fields = zip(partialColumns, partialTypes).enumerated().map { index, column in
      ColumnField("\(column.0.label)\(index)", column.1, isNullable: !column.0.isTally)
    }
    do throws(ColumnError) { return try ColumnSchema(fields) } catch { throw TokyoDataError(error) }
  }

  func resultSchema() throws(TokyoDataError) -> ColumnSchema {
    do throws(ColumnError) { return try ColumnSchema(resultFields) } catch { throw TokyoDataError(error) }
  }

  // MARK: Rows

  mutating func addRows(of query: Query) throws(TokyoDataError) {
    guard query.having == nil else {
      throw TokyoDataError(.invalidArgument, "`having` needs groups or aggregates; rows have a filter")
    }
    let shown =
      query.projections.isEmpty ? dataset.schema.fields.map { Projection($0.name) } : query.projections
    for projection in shown {
      let (expression, type) = try Self.naming(projection.name) { () throws(TokyoDataError) in
        try resolver.typed(projection.expression)
      }
      try addResult(projection.name, type)
      partialColumns.append(.value(expression))
      partialTypes.append(type)
    }
    guard !query.orderings.isEmpty else { return }
    for ordering in query.orderings {
      let column: Int
      if let shown = resultFields.firstIndex(where: { $0.name == ordering.column }) {
        column = shown
      } else {
        column = try position(of: ordering.column)
      }
      addSortKey(column, ordering)
    }
    for name in dataset.primaryKey + [dataset.timeColumn].compactMap({ $0 }) {
      addSortKey(try position(of: name), Ordering(name))
    }
  }

  /// Where a dataset's column stands among the values, hidden behind them if it is not shown.
  private mutating func position(of name: String) throws(TokyoDataError) -> Int {
    let (expression, type) = try resolver.typed(.column(name))
    return add(.value(expression), type)
  }

  // MARK: Groups

  mutating func addGroups(of query: Query) throws(TokyoDataError) {
    guard query.projections.isEmpty else {
      throw TokyoDataError(
        .invalidArgument, "a query has groups and aggregates, or a selection of columns, not both")
    }
    for grouping in query.groupings {
      let type = try keyType(grouping)
      try addResult(grouping.name, type)
      partialColumns.append(.key(grouping))
      partialTypes.append(type)
    }
    _ = add(.rowCount, .int64)
    for aggregate in query.aggregates {
      let (type, states) = try Self.naming(aggregate.name) { () throws(TokyoDataError) in
        try addStates(of: aggregate)
      }
      try addResult(aggregate.name, type, isNullable: aggregate.isNullable)
      aggregateStates.append(states)
    }
    for ordering in query.orderings {
      guard let column = resultFields.firstIndex(where: { $0.name == ordering.column }) else {
        throw TokyoDataError(
          .unknownColumn, "the result has no such column to order by", context: .init(column: ordering.column)
        )
      }
      addSortKey(column, ordering)
    }
    for (column, grouping) in query.groupings.enumerated() { addSortKey(column, Ordering(grouping.name)) }
  }

  private func keyType(_ grouping: Grouping) throws(TokyoDataError) -> ColumnType {
    switch grouping {
    case .column(let name): return try resolver.field(name).type
    case .bucket(let bucket):
      guard TimeBucket.isUTC(bucket.zone) else {
        throw TokyoDataError(
          .unsupported, "buckets are of UTC days; other zones are not supported yet",
          context: .init(column: bucket.column ?? dataset.timeColumn))
      }
      guard let column = bucket.column ?? dataset.timeColumn else {
        throw TokyoDataError(.invalidArgument, "a dataset without a time column has no time buckets")
      }
      let type = try resolver.field(column).type
      guard type == .timestamp || type == .date || type == .localTimestamp else {
        throw TokyoDataError(
          .typeMismatch, "only times have buckets, not \(type)", context: .init(column: column))
      }
      return .date
    }
  }

  private mutating func addStates(
    of aggregate: Aggregate
  ) throws(TokyoDataError) -> (ColumnType, AggregateStates) {
    guard let operand = aggregate.function.operand else {
      return (.int64, .state(add(.rowCount, .int64)))
    }
    let (value, type) = try resolver.typed(operand)
    switch aggregate.function {
    case .countRows, .count: return (.int64, .state(add(.count(value), .int64)))
    case .min:
      try requireOrdered(type, aggregate)
      return (type, .state(add(.minimum(value), type)))
    case .max:
      try requireOrdered(type, aggregate)
      return (type, .state(add(.maximum(value), type)))
    case .sum:
      let sum = try sumType(of: type, aggregate)
      return (sum, .state(add(.sum(value), sum)))
    case .average:
      let sum = try sumType(of: type, aggregate)
      let states = AggregateStates.mean(sum: add(.sum(value), sum), count: add(.count(value), .int64))
      guard case .decimal(let precision, let scale) = sum else { return (.double, states) }
      guard scale + 6 <= Decimal128.maximumPrecision else {
        throw TokyoDataError(
          .unsupported, "the mean of \(type) needs \(scale + 6) places; 38 are possible",
          context: .init(column: operand.columns.sorted().first))
      }
      return (.decimal(precision: precision, scale: scale + 6), states)
    }
  }

  private func sumType(of type: ColumnType, _ aggregate: Aggregate) throws(TokyoDataError) -> ColumnType {
    if let scale = type.exactScale { return .decimal(precision: Decimal128.maximumPrecision, scale: scale) }
    guard type.isFloatingPoint else { throw undefined(aggregate, for: type) }
    return .double
  }

  /// Engines differ on the least of truths and of bytes, so nobody gives them.
  private func requireOrdered(_ type: ColumnType, _ aggregate: Aggregate) throws(TokyoDataError) {
    guard type != .bool, type != .bytes else { throw undefined(aggregate, for: type) }
  }

  private func undefined(_ aggregate: Aggregate, for type: ColumnType) -> TokyoDataError {
    TokyoDataError(
      .typeMismatch, "there is no \(aggregate.function.keyword) of \(type)",
      context: .init(column: aggregate.function.operand?.columns.sorted().first))
  }

  // MARK: Parts

  private mutating func add(_ column: PartialColumn, _ type: ColumnType) -> Int {
    if let index = partialColumns.firstIndex(of: column) { return index }
    partialColumns.append(column)
    partialTypes.append(type)
    return partialColumns.count - 1
  }

  private mutating func addSortKey(_ column: Int, _ ordering: Ordering) {
    guard !sortKeys.contains(where: { $0.column == column }) else { return }
    sortKeys.append(
      SortKey(column: column, isDescending: ordering.isDescending, nullsFirst: ordering.nullsFirst))
  }

  private mutating func addResult(
    _ name: String, _ type: ColumnType, isNullable: Bool = true
  ) throws(TokyoDataError) {
    guard !resultFields.contains(where: { $0.name == name }) else {
      throw TokyoDataError(
        .invalidArgument, "the result has the name twice; give one of them another",
        context: .init(column: name))
    }
    resultFields.append(ColumnField(name, type, isNullable: isNullable))
  }

  private static func naming<Result>(
    _ name: String, _ body: () throws(TokyoDataError) -> Result
  ) throws(TokyoDataError) -> Result {
    do throws(TokyoDataError) { return try body() } catch { throw error.adding(.init(column: name)) }
  }
}

extension PartialColumn {
  fileprivate var isTally: Bool {
    switch self {
    case .rowCount, .count: true
    default: false
    }
  }

  fileprivate var label: String {
    switch self {
    case .key: "key"
    case .rowCount: "rows"
    case .count: "count"
    case .sum: "sum"
    case .minimum: "min"
    case .maximum: "max"
    case .value: "value"
    }
  }
}

extension Aggregate {
  fileprivate var isNullable: Bool {
    switch function {
    case .countRows, .count: false
    default: true
    }
  }
}

extension TimeBucket {
  /// The zone has the days of UTC.
  static func isUTC(_ zone: String) -> Bool { ["UTC", "Etc/UTC", "Z"].contains(zone) }
}
