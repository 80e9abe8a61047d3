internal import TokyoDataCore

/// How often a transaction is tried again where the server gave it up for the sake of others.
///
/// Written as a number where the pauses do not matter: `retries: 5`. The pauses double from `firstPause` up to
/// `longestPause`; each is cut to a random part of itself, so that those who collided do not meet again.
public struct PostgresRetries: Sendable, ExpressibleByIntegerLiteral {
  /// How many attempts may follow the first; none below 1.
  public var count: Int
  /// The longest pause before the second attempt.
  public var firstPause = Duration.milliseconds(5)
  /// The longest pause before any attempt.
  public var longestPause = Duration.seconds(1)
  /// What measures the pauses.
  public var clock: any Clock<Duration>
  /// Which part of a pause is waited, from 0 to 1.
  var jitter: @Sendable () -> Double = { .random(in: 0...1) }

  /// Makes a bound on attempts, with the clock that measures the pauses between them.
  public init(_ count: Int, clock: any Clock<Duration> = ContinuousClock()) {
    self.count = count
    self.clock = clock
  }

  /// Makes a bound on attempts.
  public init(integerLiteral count: Int) { self.init(count) }

  /// The body runs once.
  public static let none = PostgresRetries(0)

  /// The pause after an attempt, counted from 1.
  func pause(after attempt: Int) -> Duration {
    // Doubled so often every pause is the longest, and the shift stays in range.
    let longest = min(firstPause * (1 << min(attempt - 1, 20)), longestPause)
    return longest * jitter()
  }

  /// Runs an attempt until it succeeds, fails otherwise than by a conflict, or was the last, also for want of
  /// time.
  ///
  /// - Throws: what the last attempt threw; a `TokyoDataError` of a conflict tells how many there were.
  func run<Result>(
    until deadline: ContinuousClock.Instant? = nil, _ attempt: () async throws -> Result
  ) async throws -> Result {
    var attempts = 1
    while true {
      do { return try await attempt() } catch {
        guard Self.isConflict(error) else { throw error }
        let pause = pause(after: attempts)
        let isInTime = deadline.map { .now + pause < $0 } ?? true
        guard attempts <= count, isInTime else { throw Self.telling(attempts, in: error) }
        try await clock.sleep(for: pause)
        attempts += 1
      }
    }
  }

  /// The server rolled the transaction back because of others, and said so.
  ///
  /// An error by which the session ended does not count: what then became of a COMMIT is not known.
  static func isConflict(_ error: any Error) -> Bool {
    let cause = (error as? TokyoDataError)?.cause ?? error
    guard let error = cause as? PostgresError, error.code == .server else { return false }
    let state = PostgresServerError(in: error)?.sqlState
    return state == .serializationFailure || state == .deadlockDetected
  }

  private static func telling(_ attempts: Int, in error: any Error) -> any Error {
    (error as? TokyoDataError)?.adding(.init(attempts: attempts)) ?? error
  }
}
