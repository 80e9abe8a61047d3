/// How long an entry lives, in whole milliseconds, counted from when the cache takes it.
///
/// A life is rounded up to a whole millisecond and is at most 100 years. A life of no time or less means that
/// the value is not kept.
public struct CacheExpiry: Hashable, Sendable {
  /// The longest life: 100 years of 365 days.
  public static let longest: Duration = .milliseconds(longestMilliseconds)

  private static let longestMilliseconds: Int64 = 100 * 365 * 86_400_000

  /// The life in milliseconds, 0 for what is not kept; nil for an entry without an end.
  public let milliseconds: Int64?

  private init(milliseconds: Int64?) {
    self.milliseconds = milliseconds
  }

  /// The entry has no end of its own; the cache may still forget it.
  public static let never = CacheExpiry(milliseconds: nil)

  /// The entry ends after a time, rounded up and limited as above.
  public static func after(_ life: Duration) -> CacheExpiry {
    guard life > .zero else { return CacheExpiry(milliseconds: 0) }
    guard life < longest else { return CacheExpiry(milliseconds: longestMilliseconds) }
    let (seconds, attoseconds) = life.components
    let perMillisecond: Int64 = 1_000_000_000_000_000
    let parts = attoseconds / perMillisecond + (attoseconds % perMillisecond > 0 ? 1 : 0)
    return CacheExpiry(milliseconds: seconds * 1000 + parts)
  }

  /// The value is kept at all.
  public var isKept: Bool { milliseconds != 0 }

  /// The life; nil for an entry without an end.
  public var life: Duration? { milliseconds.map { .milliseconds($0) } }
}
