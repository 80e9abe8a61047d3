public import TokyoDataCore

/// Where an answer comes from: which tier serves each day of the query, why, and what that costs.
///
/// `description` is a table with a line for each run of days that are served alike.
public struct Plan: Hashable, Sendable {
  /// The newest JSON form that this code writes and reads.
  public static let currentFormat = 1

  /// The dataset.
  public var dataset: DatasetName
  /// The kind of query, as declared or derived.
  public var kind: QueryKind
  /// The instant of which the plan is, by the hot store's clock.
  public var asOf: Timestamp
  /// Runs of consecutive days that are served alike, in order; they cover the query's time range.
  public var runs: [Run]
  /// What the copies would take in all: bytes at most, and dollars at the store's price.
  public var estimate: ScanEstimate

  /// Makes a plan.
  public init(
    dataset: DatasetName, kind: QueryKind, asOf: Timestamp, runs: [Run], estimate: ScanEstimate
  ) {
    self.dataset = dataset
    self.kind = kind
    self.asOf = asOf
    self.runs = runs
    self.estimate = estimate
  }

  /// Consecutive days that are served alike.
  public struct Run: Hashable, Sendable {
    /// The first day; nil where the run has no beginning, and for an undated dataset.
    public var first: Day?
    /// The last day; nil where the run has no end, and for an undated dataset.
    public var last: Day?
    /// The tier.
    public var tier: Tier
    /// What answers: the name of a store, `summary` for row counts of the ledger, nil for nothing.
    public var source: String?
    /// Why.
    public var reason: String
    /// The versions that are used, one a day; empty where none is.
    public var versions: [VersionID]
    /// The run's days are missing from the answer, which is partial.
    public var isLeftOut: Bool
    /// Bytes to scan at most; nil where no copy is read.
    public var bytes: Int?
    /// The run's share of the price, in US dollars; nil where no copy is read.
    public var dollars: Double?

    /// Makes a run of days.
    public init(
      first: Day?, last: Day?, tier: Tier, source: String?, reason: String, versions: [VersionID] = [],
      isLeftOut: Bool = false, bytes: Int? = nil, dollars: Double? = nil
    ) {
      self.first = first
      self.last = last
      self.tier = tier
      self.source = source
      self.reason = reason
      self.versions = versions
      self.isLeftOut = isLeftOut
      self.bytes = bytes
      self.dollars = dollars
    }

    /// How many days there are; nil for an open run or an undated dataset.
    public var dayCount: Int? {
      guard let first, let last else { return nil }
      return first.distance(to: last) + 1
    }
  }

  /// One day of a plan.
  public struct DayPlan: Hashable, Sendable {
    /// The day.
    public var day: Day
    /// The tier that serves it.
    public var tier: Tier
    /// The version that is used; nil where none is.
    public var version: VersionID?
    /// Why.
    public var reason: String
  }

  /// Every day between the plan's bounds; runs without beginning or end, and undated datasets, have none.
  public var days: [DayPlan] {
    runs.flatMap { run -> [DayPlan] in
      guard let first = run.first, let last = run.last, first <= last else { return [] }
      return (first...last).enumerated().map { index, day in
        DayPlan(
          day: day, tier: run.tier, version: index < run.versions.count ? run.versions[index] : nil,
          reason: run.reason)
      }
    }
  }

  /// The days that are missing from the answer, in order.
  public var daysLeftOut: [Day] {
    runs.filter(\.isLeftOut).flatMap { run -> [Day] in
      guard let first = run.first, let last = run.last, first <= last else { return [] }
      return Array(first...last)
    }
  }

  /// The answer lacks what the runs left out hold.
  public var isPartial: Bool { runs.contains(where: \.isLeftOut) }
}
