internal import TokyoDataCore

extension Router {
  /// Lock, look, pin: plans in one snapshot of hot and reads hot's part there.
  func readHot(_ query: Query) async throws -> Reading {
    try await hot.withSnapshot(of: [query.dataset]) { snapshot in
      var reading = try await plannedReading(of: query, in: snapshot)
      if reading.kind == .point {
        try await readRows(of: &reading, in: snapshot)
        if reading.read.hotRows > 0 { reading.skipCopies(because: "point by key: found in hot") }
        try await readOverlayKeys(of: &reading, in: snapshot)
      } else {
        // Too many keys are an error; so they come before the rows.
        try await readOverlayKeys(of: &reading, in: snapshot)
        try await readRows(of: &reading, in: snapshot)
      }
      try await noteOverlays(of: &reading, in: snapshot)
      reading.countFromSummaries()
      return reading
    }
  }

  /// Reads the copies' part, after the snapshot.
  ///
  /// - Returns: whether every version that was read still stands; what was read counts only then.
  func readCold(_ reading: inout Reading, cost: inout QueryCost) async throws -> Bool {
    try reading.addCounts()
    let pinned = reading.pinned
    guard let cold, !pinned.isEmpty else { return true }
    try refuseExpensivePoint(reading, pinned, cold)
    if let resultCache {
      if let refusal = resultCache.refusal(of: reading.query, reading.kind) {
        reading.cacheUse.reason = refusal
        resultCache.metrics.noteQuery(reading.cacheUse)
      } else {
        return try await readCold(&reading, pinned, cold, resultCache, cost: &cost)
      }
    } else {
      reading.cacheUse.reason = "the router has no cache"
    }
    var merger = reading.merger
    do {
      let statistics = try await cold.read(reading.query, from: pinned) { batch in try merger.add(batch) }
      reading.merger = merger
      reading.cacheUse.isReusedByStore = statistics.isReused
      note(statistics, rows: statistics.rows, in: &reading, cost: &cost)
    } catch {
      // A collected version's files are gone: that is a reason to start again, not an answer.
      try Task.checkCancellation()
      if try await stand(pinned, of: reading.query.dataset.name) { throw error }
      return false
    }
    return try await stand(pinned, of: reading.query.dataset.name)
  }

  /// Reads the copies' part as far as the cache does not have it.
  private func readCold(
    _ reading: inout Reading, _ pinned: [PinnedVersion], _ cold: any ColdStore, _ resultCache: ResultCache,
    cost: inout QueryCost
  ) async throws -> Bool {
    let dataset = reading.query.dataset.name
    var cached = try CachedRead(
      reading.query, pinned, of: try await hot.ledgerID(), cache: resultCache, cold: cold
    ) { versions in
      try await stand(versions, of: dataset)
    }
    var merger = reading.merger
    let stands = try await cached.run { batch in try merger.add(batch) }
    reading.merger = merger
    reading.cacheUse = cached.use
    note(cached.statistics, rows: cached.rowCount, in: &reading, cost: &cost)
    return stands
  }

  private func note(
    _ statistics: ReadStatistics, rows: Int, in reading: inout Reading, cost: inout QueryCost
  ) {
    reading.read.coldRows = rows
    reading.read.coldBytes = statistics.bytes
    cost += QueryCost(scannedBytes: statistics.bytes, dollars: statistics.dollars)
  }

  func plannedReading(of query: Query, in snapshot: any HotSnapshot) async throws -> Reading {
    let dataset = try await snapshot.dataset(query.dataset)
    let resolved = try ResolvedQuery(query, for: dataset)
    let planner = Planner(
      query: resolved, coverage: try await snapshot.coverage(of: query.dataset), asOf: snapshot.asOf,
      policy: policy, hasColdStore: cold != nil)
    return Reading(
      query: resolved, kind: planner.kind, asOf: snapshot.asOf, days: try planner.days())
  }

  /// Asks hot for the keys that replace rows of the copies to be read.
  func readOverlayKeys(of reading: inout Reading, in snapshot: any HotSnapshot) async throws {
    let days = reading.days.filter { $0.role == .copyBelowOverlay }.map(\.day)
    guard !days.isEmpty else { return }
    let dataset = reading.query.dataset.name
    do {
      reading.overlayKeys = try await snapshot.overlayKeys(of: dataset, days: days, limit: limits.overlayKeys)
    } catch let error as TokyoDataError where error.code == .unsupported {
      throw TokyoDataError(
        .unsupported,
        "hot holds more than \(limits.overlayKeys) rows of the \(days.count) retired days of this query; "
          + "an export must merge them first, or the query take fewer days",
        context: error.context.filled(from: .init(operation: "query", dataset: dataset)), cause: error)
    }
    for index in reading.days.indices where reading.days[index].role == .copyBelowOverlay {
      reading.days[index].hasOverlay = (reading.overlayKeys[reading.days[index].day]?.rowCount ?? 0) > 0
    }
  }

  private func readRows(of reading: inout Reading, in snapshot: any HotSnapshot) async throws {
    let ranges = reading.hotRanges
    guard !ranges.isEmpty else { return }
    var merger = reading.merger
    let statistics = try await snapshot.read(reading.query, in: ranges) { batch in try merger.add(batch) }
    reading.merger = merger
    reading.read.hotRows = statistics.rows
  }

  /// Finds out which retired days have rows in hot although their copies are not read: for the plan only.
  func noteOverlays(of reading: inout Reading, in snapshot: any HotSnapshot) async throws {
    let days = reading.days.filter { $0.role == .overlayAlone }.map(\.day)
    guard !days.isEmpty else { return }
    var keys: [Day: ColumnBatch]?
    do {
      keys = try await snapshot.overlayKeys(of: reading.query.dataset.name, days: days, limit: 1000)
    } catch let error as TokyoDataError where error.code == .unsupported {
      // So many that it is not worth knowing: the plan then says hot for all of them.
      keys = nil
    }
    for index in reading.days.indices where reading.days[index].role == .overlayAlone {
      reading.days[index].hasOverlay = keys.map { ($0[reading.days[index].day]?.rowCount ?? 0) > 0 } ?? true
    }
  }

  private func stand(_ pinned: [PinnedVersion], of dataset: DatasetName) async throws -> Bool {
    try await hot.condemned(among: pinned.map(\.record.id), of: dataset).isEmpty
  }

  private func refuseExpensivePoint(
    _ reading: Reading, _ pinned: [PinnedVersion], _ cold: any ColdStore
  ) throws(TokyoDataError) {
    guard reading.kind == .point else { return }
    let bytes = cold.estimate(reading.query, from: pinned).bytes
    guard bytes > limits.pointBytes else { return }
    throw TokyoDataError(
      .unsupported,
      "hot does not hold the key, and \(pinned.count) days whose copies may hold it take "
        + "\(Plan.size(bytes)); give the query a time range, or declare it operational to scan them all",
      context: .init(store: cold.name, operation: "query", dataset: reading.query.dataset.name))
  }
}
