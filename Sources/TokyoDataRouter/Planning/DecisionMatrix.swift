public import TokyoDataCore

/// The default routing: what hot still holds is hot's, what is older is cold's; the first rule that matches
/// decides.
///
/// 1. A mutation runs in hot; a retired day cannot be mutated.
/// 2. Real time reads hot only; a retired day cannot be read.
/// 3. A point query asks hot first, and copies only if hot does not hold the key.
/// 4. Every other day goes where it is. A day in both is hot's, unless the caller declares `.analytics` and
///    the copy surely equals hot, or is as fresh as the caller needs.
public struct DecisionMatrix: RoutingPolicy {
  /// Makes the matrix.
  public init() {}

  /// The tier of a day by the first rule that matches, with its reason.
  public func decision(for day: DayCoverage, in input: RoutingInput) -> DayDecision {
    switch day.state {
    case .expired: return DayDecision(.nothing, "expired: past its retention in the lake")
    case .suspect:
      return DayDecision(.nothing, "suspect: hot and its copy differ, until somebody resolves it")
    case .hot: return DayDecision(.hot, Self.heldByHot)
    case .both: return decisionForBoth(day.day, input)
    case .cold: return decisionForCold(day.day, input)
    }
  }

  private func decisionForBoth(_ day: Day, _ input: RoutingInput) -> DayDecision {
    guard input.kind == .analytics, input.needs.latency != .realtime else {
      return DayDecision(.hot, Self.heldByHot)
    }
    // Marks speak of days, so nothing tells whether the copy of an undated dataset still equals it.
    let difference = input.dataset.isDated ? input.differenceOfCopy(of: day) : "it is undated"
    guard let difference else { return DayDecision(.cold, "analytics, and the copy equals hot") }
    if input.needs.freshness == .asOfExport, input.coverage.version(of: day) != nil {
      return DayDecision(.cold, "analytics, as of its export")
    }
    return DayDecision(.hot, "\(Self.heldByHot): \(difference)")
  }

  private func decisionForCold(_ day: Day, _ input: RoutingInput) -> DayDecision {
    if input.kind == .mutation {
      return DayDecision(.nothing, "retired from hot, and a mutation runs in hot")
    }
    if input.needs.latency == .realtime {
      return DayDecision(.nothing, "retired from hot, and real time reads hot only")
    }
    if input.kind == .point {
      return DayDecision(.coldWithOverlay, "point by key: asked if hot does not hold it")
    }
    if input.needs.freshness == .asOfExport {
      return DayDecision(.cold, "older than hot, as of its export")
    }
    let isVerified = input.coverage.version(of: day)?.verifiedAt != nil
    return DayDecision(.coldWithOverlay, isVerified ? "older than hot, verified" : "older than hot")
  }

  /// The reason of every day that hot serves because it has it.
  static let heldByHot = "held by hot"
}
