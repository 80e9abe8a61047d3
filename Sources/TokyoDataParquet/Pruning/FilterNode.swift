internal import TokyoDataColumns

/// A filter whose columns were found in a file and whose values were held against their types.
indirect enum FilterNode: Sendable {
  case test(ColumnTest)
  case and([FilterNode])
  case or([FilterNode])

  init(_ filter: ParquetFilter, in file: ParquetFile) throws(ParquetError) {
    switch filter {
    case .compare(let name, let comparison, let value):
      let column = try Column(name, in: file)
      self = .test(ColumnTest(column, .compare(comparison, try column.bound(value))))
    case .isIn(let name, let values):
      let column = try Column(name, in: file)
      var bounds: [ValueBounds.Bound] = []
      // A null in the list equals nothing.
      for value in values where value != .null { bounds.append(try column.bound(value)) }
      self = .test(ColumnTest(column, .isIn(bounds)))
    case .isNull(let name): self = .test(ColumnTest(try Column(name, in: file), .isNull))
    case .isNotNull(let name): self = .test(ColumnTest(try Column(name, in: file), .isNotNull))
    case .and(let filters):
      var nodes: [FilterNode] = []
      for filter in filters { nodes.append(try FilterNode(filter, in: file)) }
      self = .and(nodes)
    case .or(let filters):
      var nodes: [FilterNode] = []
      for filter in filters { nodes.append(try FilterNode(filter, in: file)) }
      self = .or(nodes)
    }
  }

  /// The tests of columns, in order.
  var tests: [ColumnTest] {
    switch self {
    case .test(let test): [test]
    case .and(let nodes), .or(let nodes): nodes.flatMap(\.tests)
    }
  }

  /// Whether the filter may be true, given which of its tests may be.
  func mayMatch(_ test: (ColumnTest) -> Bool) -> Bool {
    switch self {
    case .test(let own): test(own)
    case .and(let nodes): nodes.allSatisfy { $0.mayMatch(test) }
    case .or(let nodes): nodes.contains { $0.mayMatch(test) }
    }
  }

  /// The rows of which some may match, given those of its tests.
  func rows(of count: Int, _ test: (ColumnTest) -> RowRanges) -> RowRanges {
    switch self {
    case .test(let own): test(own)
    case .and(let nodes):
      nodes.reduce(RowRanges(all: count)) { $0.intersection($1.rows(of: count, test)) }
    case .or(let nodes): nodes.reduce(RowRanges([])) { $0.union($1.rows(of: count, test)) }
    }
  }
}

/// A condition on one column.
struct ColumnTest: Sendable {
  enum Condition: Sendable {
    case compare(ParquetFilter.Comparison, ValueBounds.Bound)
    case isIn([ValueBounds.Bound])
    case isNull
    case isNotNull
  }

  let column: FilterNode.Column
  let condition: Condition

  init(_ column: FilterNode.Column, _ condition: Condition) {
    self.column = column
    self.condition = condition
  }
}

extension FilterNode {
  /// A column of a file that filters can compare.
  struct Column: Sendable {
    let leaf: LeafColumn
    let type: ColumnType
    let conversion: ValueConversion

    fileprivate init(_ name: String, in file: ParquetFile) throws(ParquetError) {
      let shape = try file.selected([name])[0]
      guard case .leaf(let leaf, let conversion) = shape.kind else {
        throw ParquetError(.invalidArgument, "filters do not compare nested columns", column: name)
      }
      self.leaf = leaf
      self.conversion = conversion
      type = shape.field.type
    }

    /// A value of the column's type, in the form in which columns and statistics are compared.
    fileprivate func bound(_ value: ColumnValue) throws(ParquetError) -> ValueBounds.Bound {
      guard let bound = try converted(value) else {
        throw ParquetError(
          .invalidArgument, "a filter compares a column of type \(type) with another kind of value",
          column: leaf.name)
      }
      return bound
    }

    private func converted(_ value: ColumnValue) throws(ParquetError) -> ValueBounds.Bound? {
      switch (value, type) {
      case (.bool(let value), .bool): return .integer(value ? 1 : 0)
      case (.int(let value), .int8), (.int(let value), .int16), (.int(let value), .int32),
        (.int(let value), .int64):
        return .integer(value)
      case (.float(let value), .float): return .double(Double(value))
      case (.double(let value), .double), (.double(let value), .float): return .double(value)
      case (.string(let value), .string): return .bytes(Array(value.utf8))
      case (.bytes(let value), .bytes): return .bytes(value)
      case (.date(let value), .date): return .integer(Int64(value.daysSince1970))
      case (.time(let value), .time): return .integer(value.microsecondsSinceMidnight)
      case (.timestamp(let value), .timestamp): return .integer(value.microsecondsSince1970)
      case (.localTimestamp(let value), .localTimestamp): return .integer(value.microsecondsSince1970)
      case (.decimal(let value), .decimal(_, let scale)):
        do throws(ColumnError) { return .decimal(try value.rescaled(to: scale).unscaled) } catch {
          throw ParquetError(
            .invalidArgument, "a filter compares a column of type \(type) with a decimal that it cannot hold",
            column: leaf.name)
        }
      default: return nil
      }
    }
  }
}
