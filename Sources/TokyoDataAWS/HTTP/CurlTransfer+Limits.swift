extension CurlTransfer {
  /// Fails where time is up; else says when to look again.
  ///
  /// Bytes are counted now and then instead of as they come, so an idle connection is noticed an eighth of
  /// the limit late at most, and never too early. Who is held up by its own reader or producer is not idle.
  func checkLimits(at now: ContinuousClock.Instant) -> Result<ContinuousClock.Instant, HTTPError> {
    if let deadline, deadline <= now { return .failure(HTTPError(.totalTimeout)) }
    let idle = exchange.limits.idle
    let bytes = easy.bodyBytes &+ parser.bytes
    if bytes != moved.bytes || isReceivingHeldUp || isSendingHeldUp || !easy.hasStarted {
      moved = (bytes, now)
    } else if now - moved.at >= idle {
      return .failure(HTTPError(.idleTimeout))
    }
    return .success(nextCheck(at: now))
  }

  func nextCheck(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    let idle = exchange.limits.idle
    let next = min(moved.at + idle, now + max(idle / 8, .milliseconds(1)))
    return deadline.map { min($0, next) } ?? next
  }
}

extension Duration {
  /// Rounded up; at least one, since zero means the default to libcurl, and at most what 31 bits hold.
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    guard seconds >= 0, attoseconds >= 0 else { return 1 }
    return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
  }
}
