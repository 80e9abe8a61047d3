/// The groups of a query with their states: fed with rows by a tier, with states of tiers by the merge.
struct GroupStates: Sendable {
  enum Input { case rows, states }

  private let query: ResolvedQuery
  private let input: Input
  private var index: GroupIndex
  private var states: [any AggregateState]

  init(_ query: ResolvedQuery, input: Input) {
    self.query = query
    self.input = input
    let types = query.partialSchema.fields.map(\.type)
    index = GroupIndex(Array(types[..<query.query.groupings.count]))
    states = zip(query.partialColumns, types).dropFirst(query.query.groupings.count).map {
      $0.state(input, $1)
    }
  }

  /// Adds rows: the key columns, and a column for each state (nil for one that counts rows).
  mutating func add(keys: [ColumnVector], operands: [ColumnVector?], rowCount: Int) {
    guard rowCount > 0 else { return }
    let groups = index.groups(of: keys)
    let assignment = GroupAssignment(groups: groups, rowCount: rowCount, groupCount: index.count)
    for position in states.indices {
      states[position].grow(to: index.count)
      states[position].update(operands[position], assignment)
    }
  }

  /// One row a group, of the query's `partialSchema`.
  consuming func finish() throws(TokyoDataError) -> ColumnBatch {
    var columns = index.keys()
    for position in states.indices {
      states[position].grow(to: index.count)
      let field = query.partialSchema.fields[columns.count]
      do throws(TokyoDataError) {
        columns.append(try states[position].finish(as: field.type))
      } catch {
        throw error.adding(
          .init(
            dataset: query.dataset.name,
            column: query.partialColumns[columns.count].columns(of: query.dataset).sorted().first))
      }
    }
    do throws(ColumnError) {
      return try ColumnBatch(schema: query.partialSchema, columns: columns, rowCount: index.count)
    } catch {
      throw TokyoDataError(error, context: .init(dataset: query.dataset.name))
    }
  }
}

extension PartialColumn {
  fileprivate func state(_ input: GroupStates.Input, _ type: ColumnType) -> any AggregateState {
    switch self {
    case .minimum: ExtremeState(greatest: false)
    case .maximum: ExtremeState(greatest: true)
    case .sum: type == .double ? FloatSumState() : ExactSumState()
    case .count: CountState(input == .rows ? .values : .tallies)
    case .rowCount, .key, .value: CountState(input == .rows ? .rows : .tallies)
    }
  }
}
