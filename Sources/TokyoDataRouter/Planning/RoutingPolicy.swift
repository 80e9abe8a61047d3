public import TokyoDataCore

/// Decides which tier serves each day of a query; ``DecisionMatrix`` unless the caller has another.
///
/// A policy chooses among tiers that hold a day exactly; it cannot make an answer wrong. The router refuses
/// a decision that would lose or repeat rows: hot for a retired day, or a copy that may differ from hot.
public protocol RoutingPolicy: Sendable {
  /// Which tier serves a day, and why.
  ///
  /// Asked only for days that the ledger lists and the query's range touches: every other day is hot's. An
  /// undated dataset is asked about once, with the day of its newest copy. ``Tier/nothing`` says that the day
  /// cannot be read: an error, or an accepted partial answer.
  func decision(for day: DayCoverage, in input: RoutingInput) -> DayDecision
}

/// What a routing policy knows: the query, its dataset and the ledger as of one snapshot.
public struct RoutingInput: Sendable {
  /// The kind of query, as declared or derived.
  public var kind: QueryKind
  /// The query, with what its caller needs.
  public var query: Query
  /// The dataset as the ledger defines it.
  public var dataset: Dataset
  /// The ledger's coverage and marks.
  public var coverage: Coverage
  /// The snapshot's instant, by the hot store's clock.
  public var asOf: Timestamp

  /// Makes an input.
  public init(kind: QueryKind, query: Query, dataset: Dataset, coverage: Coverage, asOf: Timestamp) {
    self.kind = kind
    self.query = query
    self.dataset = dataset
    self.coverage = coverage
    self.asOf = asOf
  }

  /// What the query's caller needs.
  public var needs: QueryNeeds { query.needs }

  /// Why a day's copy may differ from what hot holds; nil where it surely equals it.
  public func differenceOfCopy(of day: Day) -> String? {
    guard let version = coverage.version(of: day) else { return "it has no copy" }
    if coverage.marked.contains(day) { return "its copy is marked as changed" }
    if version.schemaFingerprint != dataset.schemaFingerprint { return "its copy has another schema" }
    // A clock that went back with a failover may leave writes to this day unmarked.
    if day >= asOf.day { return "hot's clock stands before the day's end" }
    return nil
  }
}

/// Where a day's rows come from.
public enum Tier: String, Hashable, Sendable, Codable, CaseIterable {
  /// From the hot store.
  case hot
  /// From the copy in the cold store.
  case cold
  /// From the copy, with the rows that hot holds of the day in place of those with the same key.
  case coldWithOverlay = "cold+overlay"
  /// From nowhere: nothing matches there, or the day is left out.
  case nothing = "none"
}

/// The tier that serves a day, and why.
public struct DayDecision: Hashable, Sendable {
  /// The tier.
  public var tier: Tier
  /// Why, in a few words for people.
  public var reason: String

  /// Makes a decision.
  public init(_ tier: Tier, _ reason: String) {
    self.tier = tier
    self.reason = reason
  }
}
