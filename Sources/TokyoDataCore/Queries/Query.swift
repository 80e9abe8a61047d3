/// A question about one dataset, the same for every store.
///
/// With aggregates or groups it gives one row a group (one in all without groups); else it gives rows.
/// It says what is wanted; ``ResolvedQuery`` checks it against a dataset.
public struct Query: Hashable, Sendable {
  /// The newest JSON form that this code writes and reads.
  public static let currentFormat = 1

  /// The dataset.
  public var dataset: DatasetName
  /// The instants of the time column that count; unbounded for undated datasets.
  public var timeRange: TimeRange
  /// The condition that rows must meet.
  public var filter: Filter?
  /// The columns of a query for rows; all of the dataset where empty.
  public var projections: [Projection]
  /// What rows are grouped by.
  public var groupings: [Grouping]
  /// What is computed of each group.
  public var aggregates: [Aggregate]
  /// The condition, on result columns, that groups must meet.
  public var having: Filter?
  /// The order of the result.
  public var orderings: [Ordering]
  /// The most rows of the result.
  public var limit: Int?
  /// What the caller needs of the answer.
  public var needs: QueryNeeds

  /// Makes a query for all rows and columns; set or chain what else is wanted.
  public init(_ dataset: DatasetName) {
    self.dataset = dataset
    timeRange = .unbounded
    projections = []
    groupings = []
    aggregates = []
    orderings = []
    needs = QueryNeeds()
  }

  /// The query gives groups, not rows.
  public var isGrouped: Bool { !groupings.isEmpty || !aggregates.isEmpty }
}

/// What a caller needs of an answer; together with the ledger it decides the tiers.
public struct QueryNeeds: Hashable, Sendable {
  /// The kind of query; derived from the query where nil.
  public var kind: QueryKind?
  /// How soon.
  public var latency: LatencyNeed
  /// How fresh.
  public var freshness: FreshnessNeed
  /// Days that cannot be read may be left out, and the answer is marked.
  public var acceptPartial: Bool
  /// The cache may be asked for states of copies, and may keep them.
  public var usesCache: Bool
  /// An answer that an earlier query gave may be given again until it is so old; nil where it may not.
  public var maximumAge: Duration?

  /// Makes needs; unless said otherwise an interactive query for the latest rows, complete or an error, with
  /// the cache for copies where the router has one.
  public init(
    kind: QueryKind? = nil, latency: LatencyNeed = .interactive, freshness: FreshnessNeed = .latest,
    acceptPartial: Bool = false, usesCache: Bool = true, maximumAge: Duration? = nil
  ) {
    self.kind = kind
    self.latency = latency
    self.freshness = freshness
    self.acceptPartial = acceptPartial
    self.usesCache = usesCache
    self.maximumAge = maximumAge
  }
}

/// The kinds of query that the decision matrix knows.
@nonexhaustive
public enum QueryKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// One row by its key.
  case point
  /// A list for daily work.
  case operational
  /// Aggregates, as derived for a typed query.
  case aggregation
  /// Analysis; only the caller can say so. It prefers cold.
  case analytics
  /// A write.
  case mutation
}

/// How soon an answer is needed.
@nonexhaustive
public enum LatencyNeed: String, Hashable, Sendable, Codable, CaseIterable {
  /// Under 100 ms: hot only.
  case realtime
  /// Seconds.
  case interactive
  /// Whenever.
  case batch
}

/// How fresh an answer must be.
@nonexhaustive
public enum FreshnessNeed: String, Hashable, Sendable, Codable, CaseIterable {
  /// Every row committed before the answer's instant.
  case latest
  /// Each day as of its own export is enough.
  case asOfExport
}
