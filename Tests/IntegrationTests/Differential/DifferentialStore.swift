import TokyoDataCore
import TokyoDataLake
import TokyoDataRouter
import TokyoDataTesting

/// A store with the rows of a scenario, asked in the form that is its own.
struct DifferentialStore: Sendable {
  let name: String
  /// It is asked each query of so many.
  var every = 1
  let answer: @Sendable (Query) async throws -> ColumnBatch

  init(_ name: String, _ answer: @escaping @Sendable (Query) async throws -> ColumnBatch) {
    self.name = name
    self.answer = answer
  }

  /// A cold store, asked for the versions of all days.
  static func cold(
    _ store: any ColdStore, _ versions: [PinnedVersion], of dataset: Dataset, every: Int = 1
  ) -> DifferentialStore {
    var asked = DifferentialStore(store.name) { query in
      let resolved = try ResolvedQuery(query, for: dataset)
      var merger = ResultMerger(resolved)
      _ = try await store.read(resolved, from: versions) { try merger.add($0) }
      return try merger.finish()
    }
    asked.every = max(1, every)
    return asked
  }

  /// A hot store that holds all rows, asked through a router.
  static func hot(_ store: any HotStore) -> DifferentialStore {
    DifferentialStore(store.name) { query in try await Router(hot: store).fetch(query).batch }
  }

  /// What gives, for a mean over all days, the mean of the days' means, and is right in all else.
  static func meanOfMeans(
    _ store: any ColdStore, _ versions: [PinnedVersion], of dataset: Dataset
  ) -> DifferentialStore {
    let honest = cold(store, versions, of: dataset)
    return DifferentialStore("mean of means") { query in
      guard query.groupings.isEmpty, query.aggregates.count == 2, query.having == nil,
        case .average = query.aggregates[1].function
      else { return try await honest.answer(query) }
      var means: [ColumnValue] = []
      for version in versions {
        let mean = try await cold(store, [version], of: dataset).answer(query)
        if mean.rowCount > 0, !mean.columns[1][0].isNull { means.append(mean.columns[1][0]) }
      }
      let answer = try await honest.answer(query)
      guard answer.rowCount == 1, !means.isEmpty else { return answer }
      var builder = ColumnBatchBuilder(answer.schema, capacity: 1)
      try builder.append(row: [answer.columns[0][0], try Self.mean(of: means)])
      return try builder.finish()
    }
  }

  private static func mean(of values: [ColumnValue]) throws -> ColumnValue {
    var (decimal, double): (Decimal128?, Double) = (nil, 0)
    for value in values {
      switch value {
      case .decimal(let value): decimal = try decimal?.adding(value) ?? value
      case .double(let value): double += value
      default: continue
      }
    }
    guard let decimal else { return .double(double / Double(values.count)) }
    return .decimal(try decimal.mean(of: Int64(values.count)).rounded(to: decimal.scale))
  }
}
