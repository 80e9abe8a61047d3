internal import Synchronization

/// What keeps a service that is down from being asked ever more often: retries cost, successes pay back.
final class RetryQuota: Sendable {
  static let capacity = 500
  /// What another try costs.
  static let retry = 5
  /// What it costs after a timeout, which holds up everybody longer.
  static let timeout = 10
  /// What a request pays back that needed no retry.
  static let refund = 1

  private let amount = Mutex(capacity)

  var available: Int { amount.withLock { $0 } }

  /// False where there is not enough; then nothing is taken.
  func take(_ cost: Int) -> Bool {
    amount.withLock { amount in
      guard amount >= cost else { return false }
      amount -= cost
      return true
    }
  }

  func giveBack(_ cost: Int) {
    amount.withLock { $0 = min($0 + cost, Self.capacity) }
  }
}
