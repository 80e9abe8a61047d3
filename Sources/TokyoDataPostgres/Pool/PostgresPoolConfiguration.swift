/// How many connections a pool keeps, for how long, and what happens to those who wait for one.
public struct PostgresPoolConfiguration: Hashable, Sendable {
  /// The pool's name in metrics and logs; without hosts or secrets.
  public var name = "postgres"
  /// Connections that are kept open, from the first lease or `run()` on.
  public var minimumConnections = 0
  /// The most connections at any time, those that are being opened or closed included; at least one.
  public var maximumConnections = 16
  /// The most connections that independent statements of all tasks share, many at a time on each.
  ///
  /// They count as leased. Where the maximum is reached, those that are quiet are lent to others.
  public var sharedConnections = 4
  /// How long a lease may wait for a connection, or nil for as long as it takes.
  ///
  /// It then throws `PostgresError.poolExhausted`, or `.connectionFailed` while the server cannot be reached.
  public var leaseTimeout: Duration? = .seconds(10)
  /// The most leases that wait while nothing is under way for them; one more throws at once.
  ///
  /// A queue that only grows helps nobody: the error is `PostgresError.tooManyWaiters`.
  public var maximumWaiters = 10_000
  /// After how long without use a connection above the minimum is closed; nil for never.
  public var idleLimit: Duration? = .seconds(600)
  /// The age at which a connection is replaced once nobody uses it, at least a second; nil for never.
  public var lifetimeLimit: Duration? = .seconds(3_600)
  /// By how much of the lifetime, at most, a connection goes earlier: a fleet shall not reconnect at once.
  ///
  /// Between 0 and 0.9.
  public var lifetimeJitter = 0.1
  /// After how long without use a connection is asked whether it is alive before it is lent; nil for never.
  ///
  /// Younger ones are looked at on this side only, which shows when the server has ended the session.
  public var healthCheckAfter: Duration? = .seconds(30)
  /// How long a connection may take to say that it is alive.
  public var healthCheckTimeout = Duration.seconds(2)
  /// The pause after a first failed attempt to connect; it doubles with each further one.
  public var firstRetryDelay = Duration.milliseconds(100)
  /// The longest pause between attempts to connect.
  public var longestRetryDelay = Duration.seconds(5)
  /// How long a graceful shutdown waits for connections that are lent before it closes them.
  public var shutdownTimeout = Duration.seconds(30)

  /// Makes a configuration with a maximum of connections; the rest are properties with defaults.
  public init(minimumConnections: Int = 0, maximumConnections: Int = 16) {
    self.minimumConnections = minimumConnections
    self.maximumConnections = maximumConnections
  }

  /// The same with every number where it makes sense, so that nothing computed from them can trap.
  var clamped: PostgresPoolConfiguration {
    var copy = self
    copy.maximumConnections = max(1, maximumConnections)
    copy.minimumConnections = min(max(0, minimumConnections), copy.maximumConnections)
    copy.maximumWaiters = max(0, maximumWaiters)
    copy.lifetimeJitter = lifetimeJitter.isFinite ? min(max(0, lifetimeJitter), 0.9) : 0
    copy.leaseTimeout = leaseTimeout.map(Self.bounded)
    copy.idleLimit = idleLimit.map(Self.bounded)
    copy.lifetimeLimit = lifetimeLimit.map { max(.seconds(1), Self.bounded($0)) }
    copy.healthCheckAfter = healthCheckAfter.map(Self.bounded)
    copy.healthCheckTimeout = Self.bounded(healthCheckTimeout)
    copy.longestRetryDelay = Self.bounded(longestRetryDelay)
    copy.firstRetryDelay = min(Self.bounded(firstRetryDelay), copy.longestRetryDelay)
    copy.shutdownTimeout = Self.bounded(shutdownTimeout)
    return copy
  }

  /// No less than nothing, no more than a century.
  private static func bounded(_ duration: Duration) -> Duration {
    min(max(.zero, duration), .seconds(100 * 366 * 86_400))
  }
}
