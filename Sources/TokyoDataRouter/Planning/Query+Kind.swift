internal import TokyoDataCore

extension Query {
  /// The kind of this query: as declared, else derived.
  ///
  /// Aggregates or groups make an aggregation, equality on the whole primary key a point query, and
  /// everything else is operational. A declared point query that does not name its key is none.
  func kind(for dataset: Dataset) -> QueryKind {
    if let declared = needs.kind, declared != .point || isByKey(of: dataset) { return declared }
    if isGrouped { return .aggregation }
    return isByKey(of: dataset) ? .point : .operational
  }

  private func isByKey(of dataset: Dataset) -> Bool {
    guard !isGrouped, !dataset.primaryKey.isEmpty, let filter else { return false }
    let fixed = Set(filter.conjuncts.compactMap(\.fixedColumn))
    return dataset.primaryKey.allSatisfy(fixed.contains)
  }
}

extension Filter {
  /// The conditions of which all must hold.
  var conjuncts: [Filter] {
    guard case .and(let parts) = self else { return [self] }
    return parts.flatMap(\.conjuncts)
  }

  /// The column that this condition holds to one value.
  fileprivate var fixedColumn: String? {
    switch self {
    case .compare(.column(let name), .equal, .literal), .compare(.literal, .equal, .column(let name)): name
    case .isIn(.column(let name), let values) where values.count == 1: name
    default: nil
    }
  }
}
