internal import Synchronization
internal import TokyoDataCore

/// By how much the clocks of hosts differ from ours, as far as it was in the way.
final class ClockSkew: Sendable {
  private let offsets = Mutex<[String: Int64]>([:])
  /// Every bucket may be a host.
  private let limit = 1000

  /// Our time as the host would tell it.
  func time(at host: String, _ now: Timestamp) -> Timestamp {
    now.adding(microseconds: offsets.withLock { $0[host] ?? 0 })
  }

  /// Learns from an answer.
  ///
  /// - Parameters:
  ///   - signedAt: The time in the request that was refused; another call may have learned of the clock since.
  ///   - definite: The service has said that it is the clock; else only a difference counts that a service
  ///     would mind.
  /// - Returns: false where the answer does not help.
  func learn(host: String, date: Timestamp, now: Timestamp, signedAt: Timestamp, definite: Bool) -> Bool {
    let difference = signedAt.microseconds(until: date)
    guard definite || difference.magnitude > 4 * 60 * 1_000_000 else { return false }
    offsets.withLock { offsets in
      if offsets.count >= limit { offsets.removeAll() }
      offsets[host] = now.microseconds(until: date)
    }
    return true
  }
}
