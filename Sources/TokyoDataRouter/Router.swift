public import TokyoDataCore

/// Answers each query from hot, cold or both, and counts every committed row exactly once as of one instant.
///
/// The hot store's ledger says where each day is. Rows of hot and the ledger are read in one snapshot; copies
/// are read afterwards, exactly the versions that the snapshot names, and before it answers the router asks
/// whether those that it read still stand. Exports, retirements and collections may go on meanwhile.
public struct Router: Sendable {
  let hot: any HotStore
  let cold: (any ColdStore)?
  let policy: any RoutingPolicy
  let limits: RouterLimits
  let resultCache: ResultCache?

  /// Makes a router over a hot store and, where days have been exported, a cold one.
  ///
  /// - Parameters:
  ///   - hot: The store of the ledger and of the latest rows.
  ///   - cold: The store of the copies.
  ///   - cache: Keeps what was read of copies. A cache that fails costs time, at most `caching.callLimit` a
  ///     call, and never an answer. The router does not close it.
  ///   - caching: How the cache is used.
  ///   - policy: Which tier serves a day.
  ///   - limits: What a query may take.
  public init(
    hot: any HotStore, cold: (any ColdStore)? = nil, cache: (any Cache)? = nil,
    caching: ResultCaching = ResultCaching(), policy: any RoutingPolicy = DecisionMatrix(),
    limits: RouterLimits = RouterLimits()
  ) {
    self.init(
      hot: hot, cold: cold, resultCache: cache.map { ResultCache($0, caching) }, policy: policy,
      limits: limits)
  }

  init(
    hot: any HotStore, cold: (any ColdStore)?, resultCache: ResultCache?,
    policy: any RoutingPolicy = DecisionMatrix(), limits: RouterLimits = RouterLimits()
  ) {
    self.hot = hot
    self.resultCache = resultCache
    self.cold = cold
    self.policy = policy
    self.limits = limits
  }

  /// Answers a query, of now, or of at most `maximumAge` ago where the query needs no better and there is a cache.
  ///
  /// - Throws: `daysUnavailable` naming days that cannot be read, unless the query accepts a partial answer;
  ///   `unsupported` where too many overlay rows must be merged, or a point query would scan too much, first;
  ///   `conflict` where versions were condemned under every attempt; what the stores throw.
  public func fetch(_ query: Query) async throws -> Answer {
    guard let resultCache, query.needs.usesCache, let maximumAge = query.needs.maximumAge else {
      return try await read(query)
    }
    return try await resultCache.answer(
      to: query, noOlderThan: maximumAge, in: try await hot.ledgerID()
    ) { try await read(query) }
  }

  private func read(_ query: Query) async throws -> Answer {
    var cost = QueryCost()
    for _ in 0..<max(1, limits.attempts) {
      try Task.checkCancellation()
      var reading = try await readHot(query)
      if try await readCold(&reading, cost: &cost) { return try answer(reading, cost: cost) }
    }
    throw TokyoDataError(
      .conflict, "versions were collected while they were read, in every attempt; ask again",
      context: .init(operation: "query", dataset: query.dataset))
  }

  /// The plan of a query, without reading its rows.
  ///
  /// - Throws: what `fetch` would throw before it reads.
  public func explain(_ query: Query) async throws -> Plan {
    try await hot.withSnapshot(of: [query.dataset]) { snapshot in
      var reading = try await plannedReading(of: query, in: snapshot)
      try await readOverlayKeys(of: &reading, in: snapshot)
      try await noteOverlays(of: &reading, in: snapshot)
      reading.countFromSummaries()
      return plan(of: reading)
    }
  }

  func plan(of reading: Reading) -> Plan {
    PlanBuilder(query: reading.query, kind: reading.kind, asOf: reading.asOf, hotName: hot.name, cold: cold)
      .plan(reading.days)
  }

  private func answer(_ reading: Reading, cost: QueryCost) throws -> Answer {
    Answer(
      batch: try reading.merger.finish(), plan: plan(of: reading), read: reading.read, asOf: reading.asOf,
      cost: cost, cache: reading.cacheUse, inexactColumns: try reading.query.inexactColumns())
  }
}

extension ResolvedQuery {
  /// The aggregates of floating-point numbers whose value depends on the order of adding.
  fileprivate func inexactColumns() throws(TokyoDataError) -> [String] {
    var names: [String] = []
    for aggregate in query.aggregates {
      switch aggregate.function {
      case .sum(let operand), .average(let operand):
        if try type(of: operand).isFloatingPoint { names.append(aggregate.name) }
      default: continue
      }
    }
    return names
  }
}
