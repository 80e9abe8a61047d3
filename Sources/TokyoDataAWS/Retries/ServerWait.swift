internal import TokyoDataCore

/// How long a service wants to be left alone.
enum ServerWait: Sendable, Hashable {
  /// `Retry-After`: so long at least.
  case seconds(Double)
  /// `x-amz-retry-after`: instead of our own pause, if it is longer.
  case milliseconds(Double)

  init?(_ headers: HTTPHeaders) {
    if let text = headers["x-amz-retry-after"], let value = Self.number(text) {
      self = .milliseconds(value)
    } else if let text = headers["retry-after"] {
      // A date is as good as the server's own clock.
      if let value = Self.number(text) {
        self = .seconds(value)
      } else if let until = HTTPDate.timestamp(text), let now = headers["date"].flatMap(HTTPDate.timestamp) {
        self = .seconds(max(0, Double(now.microseconds(until: until)) / 1e6))
      } else {
        return nil
      }
    } else {
      return nil
    }
  }

  /// The pause, with the one that we had in mind; bounded, so that no service can stop us for good.
  func applied(to seconds: Double) -> Double {
    switch self {
    case .seconds(let wanted): max(seconds, min(wanted, RetryState.longestPause))
    case .milliseconds(let wanted): max(seconds, min(wanted / 1000, seconds + 5))
    }
  }

  private static func number(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Double(text)
  }
}
