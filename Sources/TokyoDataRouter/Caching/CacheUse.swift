/// What the cache did for an answer.
public struct CacheUse: Hashable, Sendable, Codable {
  /// Where the cached part of an answer came from.
  @nonexhaustive
  public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// All that was read of copies came from the cache.
    case hit
    /// Some of it, or all, was read from the cold store.
    case miss
    /// The answer is an earlier query's, as this one said that it may be.
    case stale
    /// The cache was not asked.
    case bypass
  }

  /// Where the cached part came from.
  public var outcome: Outcome
  /// Why the cache was not asked, or not to the end; nil where it was.
  public var reason: String?
  /// How many days' states came from the cache.
  public var hits: Int
  /// How many days' states had to be read, by this query or by one that it waited for.
  public var misses: Int
  /// How old the answer is, from when its query began; nil where it is this query's own.
  public var age: Duration?
  /// The cold store gave a result that it had kept itself, such as Athena's result reuse.
  public var isReusedByStore: Bool

  /// Makes a report.
  public init(
    _ outcome: Outcome, reason: String? = nil, hits: Int = 0, misses: Int = 0, age: Duration? = nil,
    isReusedByStore: Bool = false
  ) {
    self.outcome = outcome
    self.reason = reason
    self.hits = hits
    self.misses = misses
    self.age = age
    self.isReusedByStore = isReusedByStore
  }
}
