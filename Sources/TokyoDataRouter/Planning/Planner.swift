internal import TokyoDataCore

/// Turns the ledger of one snapshot into what is read of each day: pure, so that every rule has its table
/// of cases.
struct Planner {
  let query: ResolvedQuery
  let coverage: Coverage
  let asOf: Timestamp
  let policy: any RoutingPolicy
  let hasColdStore: Bool

  var kind: QueryKind { query.query.kind(for: query.dataset) }

  /// The days of the query's range that the ledger lists, in order; for an undated dataset its newest copy.
  ///
  /// - Throws: `daysUnavailable` for days that cannot be read and may not be left out, `invalidArgument` for
  ///   a policy's decision that would lose or repeat rows.
  func days() throws(TokyoDataError) -> [PlannedDay] {
    let input = RoutingInput(
      kind: kind, query: query.query, dataset: query.dataset, coverage: coverage, asOf: asOf)
    var planned: [PlannedDay] = []
    for day in listedDays {
      planned.append(try plannedDay(day, decision: policy.decision(for: day, in: input), input))
    }
    try refuseMissingDays(planned)
    return planned
  }

  private var listedDays: [DayCoverage] {
    guard query.dataset.isDated else {
      return coverage.days.values.filter { $0.state != .hot }.max { $0.day < $1.day }.map { [$0] } ?? []
    }
    let range = query.query.timeRange
    return coverage.days.values.filter { range.touches($0.day) }.sorted { $0.day < $1.day }
  }

  private func plannedDay(
    _ day: DayCoverage, decision: DayDecision, _ input: RoutingInput
  ) throws(TokyoDataError) -> PlannedDay {
    guard allows(decision.tier, day, input) else {
      throw TokyoDataError(
        .invalidArgument,
        "the routing policy gives a day that is \(day.state.rawValue) to \(decision.tier.rawValue), "
          + "which would lose or repeat rows",
        context: .init(dataset: query.dataset.name, day: day.day))
    }
    let version = coverage.version(of: day.day)
    var planned = PlannedDay(day: day.day, role: .hot, reason: decision.reason, version: version)
    switch decision.tier {
    case .hot: return planned
    case .nothing: planned.role = .leftOut
    case .cold: planned.role = .copy
    case .coldWithOverlay: planned.role = .copyBelowOverlay
    }
    guard planned.role != .leftOut else { return planned }
    if let problem = problemOfCopy(version) {
      // What hot holds as well does not need the copy.
      planned.role = day.state == .both ? .hot : .leftOut
      planned.reason = day.state == .both ? DecisionMatrix.heldByHot : "retired from hot, and \(problem)"
    } else if let reason = version?.reasonForNoMatch(with: query) {
      planned.skipCopy(reason)
    }
    return planned
  }

  private func problemOfCopy(_ version: VersionRecord?) -> String? {
    if !hasColdStore { return "the router has no cold store" }
    return version == nil ? "the ledger names no version of it" : nil
  }

  /// The tier holds the day exactly, or as of its export where that is enough.
  private func allows(_ tier: Tier, _ day: DayCoverage, _ input: RoutingInput) -> Bool {
    let isOldEnough = input.needs.freshness == .asOfExport
    switch (day.state, tier) {
    case (_, .nothing), (.hot, .hot), (.both, .hot), (.cold, .coldWithOverlay): return true
    case (.both, .cold):
      return isOldEnough || (query.dataset.isDated && input.differenceOfCopy(of: day.day) == nil)
    case (.cold, .cold): return isOldEnough
    default: return false
    }
  }

  private func refuseMissingDays(_ planned: [PlannedDay]) throws(TokyoDataError) {
    let missing = planned.filter { $0.role == .leftOut }
    guard let first = missing.first, kind == .mutation || !query.query.needs.acceptPartial else { return }
    var reasons: [String] = []
    for reason in missing.map(\.reason) where !reasons.contains(reason) { reasons.append(reason) }
    let parts = reasons.map { reason in
      let days = missing.filter { $0.reason == reason }.map(\.day)
      return "\(Self.span(of: days)) cannot be read: \(reason)"
    }
    throw TokyoDataError(
      .daysUnavailable, parts.joined(separator: "; "),
      context: .init(dataset: query.dataset.name, day: first.day))
  }

  /// How many days there are, with the first and the last.
  private static func span(of days: [Day]) -> String {
    guard let first = days.first, let last = days.last, days.count > 1 else { return "1 day" }
    return "\(days.count) days, \(first) … \(last),"
  }
}
