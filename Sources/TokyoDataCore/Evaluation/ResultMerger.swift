/// Merges what the tiers gave and finishes the answer: merge, finalize, having, order, limit.
public struct ResultMerger: Sendable {
  /// The query.
  public let query: ResolvedQuery
  private var groups: GroupStates
  private var rows: RowCollector

  /// Makes a merger that has seen nothing.
  public init(_ query: ResolvedQuery) {
    self.query = query
    groups = GroupStates(query, input: .states)
    rows = RowCollector(query)
  }

  /// No further batch can change the answer: a limit without an order is reached.
  public var isComplete: Bool { !query.query.isGrouped && rows.isComplete }

  /// Adds a batch of the query's `partialSchema`.
  ///
  /// - Throws: `TokyoDataError.typeMismatch` where its columns have other types.
  public mutating func add(_ partial: ColumnBatch) throws(TokyoDataError) {
    guard partial.columns.map(\.type) == query.partialSchema.fields.map(\.type) else {
      throw TokyoDataError(
        .typeMismatch, "a tier's columns are not those of the query",
        context: .init(dataset: query.dataset.name))
    }
    guard query.query.isGrouped else { return try rows.add(partial.renamed(query.partialSchema)) }
    let keyCount = query.query.groupings.count
    groups.add(
      keys: Array(partial.columns[..<keyCount]), operands: Array(partial.columns[keyCount...]),
      rowCount: partial.rowCount)
  }

  /// The answer, of the query's `resultSchema`.
  ///
  /// - Throws: `TokyoDataError.valueOutOfRange` where a sum or mean needs more than 38 digits.
  public consuming func finish() throws(TokyoDataError) -> ColumnBatch {
    let query = query
    do throws(TokyoDataError) {
      return query.query.isGrouped ? try finishGroups() : try finishRows()
    } catch {
      throw error.adding(.init(dataset: query.dataset.name))
    }
  }

  private consuming func finishRows() throws(TokyoDataError) -> ColumnBatch {
    let query = query
    let batches = try rows.take(atEnd: true)
    var all = try ColumnBatch.joined(batches, schema: query.partialSchema)
    // With a limit the collector has sorted already.
    if !query.sortKeys.isEmpty, query.query.limit == nil {
      all = try all.rows(RowSorter(keys: query.sortKeys).order(of: all))
    }
    return try Self.batch(
      query.resultSchema, Array(all.columns[..<query.resultSchema.count]), rowCount: all.rowCount)
  }

  private consuming func finishGroups() throws(TokyoDataError) -> ColumnBatch {
    let query = query
    let merged = try groups.finish()
    var columns = Array(merged.columns[..<query.query.groupings.count])
    for states in query.aggregateStates {
      switch states {
      case .state(let index): columns.append(merged.columns[index])
      case .mean(let sum, let count):
        let field = query.resultSchema.fields[columns.count]
        columns.append(try Self.mean(merged.columns[sum], merged.columns[count], field))
      }
    }
    var result = try Self.batch(query.resultSchema, columns, rowCount: merged.rowCount)
    if let having = query.having {
      let schema = query.resultSchema
      let program = try FilterProgram(having, ExpressionResolver(schema: schema))
      if let passing = try program.mask(ExpressionEvaluator(result, schema: schema)).selection {
        result = try result.rows(passing)
      }
    }
    let order = RowSorter(keys: query.sortKeys).order(of: result)
    return try result.rows(Array(order.prefix(query.query.limit ?? order.count)))
  }

  private static func mean(
    _ sums: ColumnVector, _ counts: ColumnVector, _ field: ColumnField
  ) throws(TokyoDataError) -> ColumnVector {
    let tallies = counts.integers
    guard case .decimal(let digits) = sums.storage else {
      let means = zip(sums.doubles, tallies).map { $1 > 0 ? $0 / Double($1) : 0 }
      return ColumnVector(type: field.type, storage: .double(means), validity: sums.validity)
    }
    let scale = sums.type.exactScale ?? 0
    var means = [Int128](repeating: 0, count: digits.count)
    for group in digits.indices where sums.validity[group] {
      do throws(ColumnError) {
        means[group] = try Decimal128(unchecked: digits[group], scale: scale).mean(of: tallies[group])
          .unscaled
      } catch {
        throw TokyoDataError(error.inColumn(field.name))
      }
    }
    return ColumnVector(type: field.type, storage: .decimal(means), validity: sums.validity)
  }

  private static func batch(
    _ schema: ColumnSchema, _ columns: [ColumnVector], rowCount: Int
  ) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) {
      return try ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
    } catch {
      throw TokyoDataError(error)
    }
  }
}

extension ColumnBatch {
  /// The same columns under the names of a schema of the same types.
  fileprivate func renamed(_ schema: ColumnSchema) throws(TokyoDataError) -> ColumnBatch {
    if self.schema == schema { return self }
    do throws(ColumnError) {
      return try ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
    } catch {
      throw TokyoDataError(error)
    }
  }
}
