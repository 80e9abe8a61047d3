/// What a call failed of, in a word that may stand in logs and metrics.
///
/// A code comes from outside: one that is not like a code may hold anything.
struct CallErrorType: Sendable, Hashable {
  let text: String

  /// What has no word of its own.
  static let other = CallErrorType(text: "_OTHER")
  static let longest = 64

  private init(text: String) { self.text = text }

  init(_ error: any Error) {
    switch error {
    case let error as AWSServiceError: self.init(code: error.code)
    case let error as HTTPError: self.init(text: error.code.rawValue)
    case is AWSCredentialError: self.init(text: "credentials")
    case is CancellationError: self.init(text: "cancelled")
    default: self = .other
    }
  }

  /// A service's code: letters, digits, points and lines.
  init(code: String) {
    self = PlainWord.accepts(code, upTo: Self.longest, besides: "._") ? CallErrorType(text: code) : .other
  }
}

/// Words from outside that are plain enough to be shown.
enum PlainWord {
  static func accepts(_ text: String, upTo limit: Int, besides extra: String) -> Bool {
    let bytes = text.utf8
    return (1...limit).contains(bytes.count)
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: extra.utf8.contains(byte)
        }
      }
  }
}
