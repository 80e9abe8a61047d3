/// Where a call stands between its tries; decides and does nothing.
struct RetryState: Sendable {
  /// How often it was sent.
  private(set) var sent = 0
  private let repetition: AWSOperation.Repetition
  private let maximumAttempts: Int
  /// The tries that count: what corrects a clock, keys or a region does not.
  private var attempts = 0
  /// What the last retry took from the quota.
  private var cost: Int?
  private var corrections: Set<Correction> = []

  /// The longest pause between two tries, in seconds.
  static let longestPause = 20.0

  /// What is put right, each at most once, before the same is sent again at once.
  enum Correction: Sendable, Hashable { case clock, credentials, region }

  enum Step: Sendable, Hashable {
    case again(afterSeconds: Double)
    case correct(Correction)
    case stop
  }

  init(_ operation: AWSOperation, maximumAttempts: Int) {
    repetition = operation.repetition
    self.maximumAttempts = maximumAttempts
  }

  /// The number of the try, as the service sees it.
  var attempt: Int { attempts + 1 }

  mutating func send() { sent += 1 }

  /// What follows a failure.
  ///
  /// - Parameters:
  ///   - canReplay: The body is there to be sent once more.
  ///   - random: From 0 to 1.
  mutating func step(
    after failure: CallFailure, canReplay: Bool, quota: RetryQuota, random: Double
  ) -> Step {
    guard canReplay else { return .stop }
    switch failure.kind {
    case .clock: return correct(.clock)
    case .credentials: return correct(.credentials)
    case .moved: return correct(.region)
    case .final: return .stop
    case .transient, .timeout, .throttled: break
    }
    if failure.mayBeDone, repetition == .never { return .stop }
    guard attempt < maximumAttempts else { return .stop }
    let cost = failure.kind == .timeout ? RetryQuota.timeout : RetryQuota.retry
    guard quota.take(cost) else { return .stop }
    self.cost = cost
    attempts += 1
    return .again(afterSeconds: pause(failure.wait, random))
  }

  /// A try has succeeded.
  func finish(_ quota: RetryQuota) { quota.giveBack(cost ?? RetryQuota.refund) }

  private mutating func correct(_ correction: Correction) -> Step {
    corrections.insert(correction).inserted ? .correct(correction) : .stop
  }

  /// Anything up to a limit that doubles from try to try: clients that failed together do not come back
  /// together.
  private func pause(_ wait: ServerWait?, _ random: Double) -> Double {
    var limit = 1.0
    for _ in 1..<max(1, attempts) where limit < Self.longestPause { limit *= 2 }
    let pause = random * min(limit, Self.longestPause)
    return wait?.applied(to: pause) ?? pause
  }
}
