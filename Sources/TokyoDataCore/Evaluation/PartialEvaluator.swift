/// Evaluates a query's part of one tier: filters rows, then collects them or the states of their groups.
///
/// The one evaluator: the in-memory stores and the lake reader feed it batches of the dataset's columns.
public struct PartialEvaluator: Sendable {
  /// The query.
  public let query: ResolvedQuery
  /// Rows that entered the answer so far.
  public private(set) var rowCount = 0
  private var groups: GroupStates
  private var rows: RowCollector
  private let operands: [ColumnExpression?]
  /// Made from the filter with the first batch, since making it can fail.
  private var program: FilterProgram?

  /// Makes an evaluator that has seen no rows.
  public init(_ query: ResolvedQuery) {
    self.query = query
    groups = GroupStates(query, input: .rows)
    rows = RowCollector(query)
    operands = query.partialColumns.map(\.operand)
  }

  /// No further row can change the answer: a limit without an order is reached.
  public var isComplete: Bool { !query.query.isGrouped && rows.isComplete }

  /// Adds the rows of a batch that lie in the query's time range and in `ranges`, whose keys are not
  /// excluded, and for which the filter is true.
  ///
  /// The batch holds the query's `columnsRead`, and the key columns where keys are excluded; an absent
  /// column reads as null. Where the query or `ranges` bound the time, it holds the time column too.
  ///
  /// - Throws: `TokyoDataError.valueOutOfRange` where arithmetic on a row within the ranges overflows.
  public mutating func add(
    _ batch: ColumnBatch, in ranges: [TimeRange]? = nil, excluding keys: KeySet? = nil
  ) throws(TokyoDataError) {
    guard batch.rowCount > 0, !isComplete else { return }
    do throws(TokyoDataError) {
      var input = try ExpressionEvaluator(batch, schema: query.dataset.schema)
      if let rows = try countingRows(of: batch, in: ranges, excluding: keys) {
        input = input.gathering(rows, columns: Set(query.columnsRead))
      }
      guard input.rowCount > 0 else { return }
      if let rows = try passingRows(of: input) {
        input = input.gathering(rows, columns: Set(operandColumns))
      }
      guard input.rowCount > 0 else { return }
      if query.query.isGrouped { try addGroups(input) } else { try addRows(input) }
    } catch {
      throw error.adding(.init(dataset: query.dataset.name))
    }
  }

  /// Takes what is ready: batches of the query's `partialSchema`.
  ///
  /// A query for groups gives all of them at the end only, one row without group keys even for no rows. A
  /// query for rows gives what it collected so far; where it is sorted and limited, at most `limit` rows at
  /// the end only.
  public mutating func takeBatches(atEnd: Bool) throws(TokyoDataError) -> [ColumnBatch] {
    guard query.query.isGrouped else { return try rows.take(atEnd: atEnd) }
    guard atEnd else { return [] }
    let finished = try groups.finish()
    groups = GroupStates(query, input: .rows)
    return finished.rowCount > 0 ? [finished] : []
  }

  /// The rows that lie in the ranges and are not excluded; nil where all do.
  private func countingRows(
    of batch: ColumnBatch, in ranges: [TimeRange]?, excluding keys: KeySet?
  ) throws(TokyoDataError) -> [Int]? {
    var mask = try TimeMask(query, in: ranges).mask(batch, query.dataset)
    if let keys, !keys.isEmpty {
      let excluded = try keys.contains(rowsOf: batch)
      var kept = mask ?? Array(repeating: true, count: batch.rowCount)
      for row in kept.indices where excluded[row] { kept[row] = false }
      mask = kept
    }
    return mask?.selection
  }

  /// The rows for which the filter is true; nil where it is for all.
  private mutating func passingRows(of input: ExpressionEvaluator) throws(TokyoDataError) -> [Int]? {
    if program == nil { program = try query.filterProgram }
    guard let program else { return nil }
    return try program.mask(input).selection
  }

  private mutating func addGroups(_ input: ExpressionEvaluator) throws(TokyoDataError) {
    var keys: [ColumnVector] = []
    for grouping in query.query.groupings { keys.append(try key(grouping, input)) }
    var computed: [ColumnExpression: ColumnVector] = [:]
    var columns: [ColumnVector?] = []
    for operand in operands.dropFirst(keys.count) {
      guard let operand else {
        columns.append(nil)
        continue
      }
      let column = if let known = computed[operand] { known } else { try input.evaluate(operand) }
      computed[operand] = column
      columns.append(column)
    }
    groups.add(keys: keys, operands: columns, rowCount: input.rowCount)
    rowCount += input.rowCount
  }

  private func key(
    _ grouping: Grouping, _ input: ExpressionEvaluator
  ) throws(TokyoDataError) -> ColumnVector {
    switch grouping {
    case .column(let name): return try input.column(name)
    case .bucket(let bucket):
      return BucketKernel(bucket: bucket).starts(
        try input.column(bucket.column ?? query.dataset.timeColumn ?? ""))
    }
  }

  private mutating func addRows(_ input: ExpressionEvaluator) throws(TokyoDataError) {
    var input = input
    if let room = rows.room, room < input.rowCount {
      input = input.gathering(Array(0..<room), columns: Set(operandColumns))
    }
    var columns: [ColumnVector] = []
    for operand in operands {
      if let operand { columns.append(try input.evaluate(operand)) }
    }
    let batch: ColumnBatch
    do throws(ColumnError) {
      batch = try ColumnBatch(schema: query.partialSchema, columns: columns, rowCount: input.rowCount)
    } catch {
      throw TokyoDataError(error)
    }
    try rows.add(batch)
    rowCount += batch.rowCount
  }

  private var operandColumns: [String] {
    query.partialColumns.flatMap { $0.columns(of: query.dataset) }
  }
}

extension PartialColumn {
  /// What it is computed of, for values and states; nil for keys and the row count.
  fileprivate var operand: ColumnExpression? {
    switch self {
    case .key, .rowCount: nil
    case .count(let value), .sum(let value), .minimum(let value), .maximum(let value), .value(let value):
      value
    }
  }
}
