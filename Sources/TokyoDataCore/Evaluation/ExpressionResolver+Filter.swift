extension ExpressionResolver {
  /// The filter with its literals converted.
  func resolve(_ filter: Filter) throws(TokyoDataError) -> Filter {
    switch filter {
    case .compare(let left, let comparison, let right):
      let ((a, aType), (b, bType)) = try aligned(left, right) { (value, type) throws(TokyoDataError) in
        try value.coerced(to: type)
      }
      try requireComparable(aType, bType, columns: filter.columns)
      return .compare(a, comparison, b)
    case .isIn(let value, let list):
      let (resolved, type) = try typed(value)
      var converted: [ColumnValue] = []
      for literal in list { converted.append(try convert(literal, to: type, columns: filter.columns)) }
      return .isIn(resolved, converted)
    case .between(let value, let low, let high):
      let (resolved, type) = try typed(value)
      return .between(
        resolved, try convert(low, to: type, columns: filter.columns),
        try convert(high, to: type, columns: filter.columns))
    case .isNull(.literal): return filter
    case .isNull(let value): return .isNull(try typed(value).0)
    case .hasPrefix(let value, let prefix):
      let (resolved, type) = try typed(value)
      guard type == .string else {
        throw TokyoDataError(
          .typeMismatch, "only text has a prefix, not \(type)",
          context: .init(column: filter.columns.sorted().first))
      }
      return .hasPrefix(resolved, prefix)
    case .and(let filters): return .and(try resolve(filters))
    case .or(let filters): return .or(try resolve(filters))
    case .not(let filter): return .not(try resolve(filter))
    }
  }

  private func resolve(_ filters: [Filter]) throws(TokyoDataError) -> [Filter] {
    var resolved: [Filter] = []
    for filter in filters { resolved.append(try resolve(filter)) }
    return resolved
  }

  private func convert(
    _ literal: ColumnValue, to type: ColumnType, columns: Set<String>
  ) throws(TokyoDataError) -> ColumnValue {
    do throws(TokyoDataError) { return try literal.coerced(to: type) } catch {
      throw error.adding(.init(column: columns.sorted().first))
    }
  }

  private func requireComparable(
    _ left: ColumnType?, _ right: ColumnType?, columns: Set<String>
  ) throws(TokyoDataError) {
    guard let left, let right, left != right else { return }
    let bothNumbers = [left, right].allSatisfy { $0.exactScale != nil || $0.isFloatingPoint }
    guard bothNumbers else {
      throw TokyoDataError(
        .typeMismatch, "\(left) does not compare with \(right)",
        context: .init(column: columns.sorted().first))
    }
  }
}
