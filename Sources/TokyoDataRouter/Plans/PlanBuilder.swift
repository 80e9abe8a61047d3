internal import TokyoDataCore

/// Groups planned days, and the days between that only hot holds, into the runs of a plan.
struct PlanBuilder {
  let query: ResolvedQuery
  let kind: QueryKind
  let asOf: Timestamp
  let hotName: String
  let cold: (any ColdStore)?

  /// The plan of these days, in order.
  func plan(_ days: [PlannedDay]) -> Plan {
    var runs: [Plan.Run] = []
    var estimates: [ScanEstimate] = []
    for (run, members) in query.dataset.isDated ? datedRuns(days) : undatedRuns(days) {
      var run = run
      if !run.versions.isEmpty {
        estimates.append(estimate(of: members))
        run.bytes = estimates.last?.bytes
      }
      runs.append(run)
    }
    let whole = estimates.count == 1 ? estimates[0] : estimate(of: days)
    shareDollars(of: whole, among: &runs)
    return Plan(
      dataset: query.dataset.name, kind: kind, asOf: asOf, runs: runs, estimate: whole)
  }

  private func undatedRuns(_ days: [PlannedDay]) -> [(Plan.Run, [PlannedDay])] {
    guard let day = days.first else {
      return [(Plan.Run(first: nil, last: nil, tier: .hot, source: hotName, reason: "undated"), [])]
    }
    var run = run(of: day)
    (run.first, run.last) = (nil, nil)
    if run.tier == .hot { run.reason = "undated, " + run.reason }
    return [(run, [day])]
  }

  private func datedRuns(_ days: [PlannedDay]) -> [(Plan.Run, [PlannedDay])] {
    let range = query.query.timeRange
    guard !range.isEmpty else { return [] }
    let last = range.until.map { $0.adding(microseconds: -1).day }
    var next = range.from?.day
    var runs: [(Plan.Run, [PlannedDay])] = []
    func append(_ run: Plan.Run, _ members: [PlannedDay]) {
      guard let index = runs.indices.last, runs[index].0.isServed(like: run) else {
        return runs.append((run, members))
      }
      runs[index].0.last = run.last
      runs[index].0.versions += run.versions
      runs[index].1 += members
    }
    for day in days {
      // A range without beginning starts with a run without beginning, whatever the first listed day is.
      if next.map({ $0 < day.day }) ?? true { append(hotRun(next, day.day.advanced(by: -1)), []) }
      append(run(of: day), [day])
      next = day.day.next
    }
    if last.map({ last in next.map { $0 <= last } ?? true }) ?? true { append(hotRun(next, last), []) }
    return runs
  }

  private func hotRun(_ first: Day?, _ last: Day?) -> Plan.Run {
    Plan.Run(first: first, last: last, tier: .hot, source: hotName, reason: DecisionMatrix.heldByHot)
  }

  private func run(of day: PlannedDay) -> Plan.Run {
    let usesCopy = day.tier == .cold || day.tier == .coldWithOverlay
    let source: String? =
      switch day.tier {
      case .hot: hotName
      case .cold, .coldWithOverlay: day.isCounted ? "summary" : cold?.name
      case .nothing: nil
      }
    return Plan.Run(
      first: day.day, last: day.day, tier: day.tier, source: source,
      reason: day.isCounted ? "\(day.reason): rows counted in its summary" : day.reason,
      versions: usesCopy ? day.version.map { [$0.id] } ?? [] : [], isLeftOut: day.role == .leftOut)
  }

  private func estimate(of days: [PlannedDay]) -> ScanEstimate {
    let scanned = days.filter(\.isScanned).compactMap { day in day.version.map { PinnedVersion($0) } }
    guard let cold, !scanned.isEmpty else { return ScanEstimate(bytes: 0) }
    return cold.estimate(query, from: scanned)
  }

  /// A store may have a minimum price per query, so only the whole has a price and runs have shares of it.
  private func shareDollars(of estimate: ScanEstimate, among runs: inout [Plan.Run]) {
    let bytes = runs.compactMap(\.bytes).reduce(0, +)
    for index in runs.indices {
      guard let share = runs[index].bytes else { continue }
      runs[index].dollars = bytes == 0 ? 0 : estimate.dollars * Double(share) / Double(bytes)
    }
  }
}

extension Plan.Run {
  /// The days of both runs differ in nothing but the day and its version.
  fileprivate func isServed(like other: Plan.Run) -> Bool {
    tier == other.tier && source == other.source && reason == other.reason
      && versions.isEmpty == other.versions.isEmpty && isLeftOut == other.isLeftOut
  }
}
