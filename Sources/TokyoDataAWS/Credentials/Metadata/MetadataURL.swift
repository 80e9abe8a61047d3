/// A URL that configuration names for credentials: scheme, host, port, path and query, nothing else.
struct MetadataURL: Sendable, Hashable {
  var origin: HTTPOrigin
  /// Begins with a slash.
  var path: String
  var query = ""

  init(origin: HTTPOrigin, path: String = "/") {
    self.origin = origin
    self.path = path
  }

  /// Nil for anything but `http` or `https` with a host; user names and fragments are refused.
  init?(_ text: String) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    let isSecure: Bool
    var rest: Substring
    switch text.prefix(8).lowercased() {
    case "https://": (isSecure, rest) = (true, text.dropFirst(8))
    case let start where start.hasPrefix("http://"): (isSecure, rest) = (false, text.dropFirst(7))
    default: return nil
    }
    guard !rest.contains("#") else { return nil }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    rest = rest[authority.endIndex...]
    guard let origin = HTTPOrigin(isSecure: isSecure, authority: authority) else { return nil }
    self.origin = origin
    path = String(rest.prefix { $0 != "?" })
    query = String(rest.dropFirst(path.count + 1))
    if path.isEmpty { path = "/" }
  }

  /// The URL with more of a path after its own.
  func appending(_ more: String) -> MetadataURL {
    var result = self
    result.path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + more
    return result
  }
}

extension HTTPOrigin {
  /// Reads `host`, `host:port`, `[address]` or `[address]:port`.
  fileprivate init?(isSecure: Bool, authority: Substring) {
    var host = authority
    var port: Int?
    let afterAddress = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
    if let colon = authority[afterAddress...].firstIndex(of: ":") {
      host = authority[..<colon]
      let digits = authority[authority.index(after: colon)...]
      guard let number = UInt16(digits), number > 0, digits.first != "+" else { return nil }
      port = Int(number)
    } else if afterAddress != authority.startIndex, afterAddress != authority.endIndex {
      return nil
    }
    let isAddress = host.hasPrefix("[") && host.hasSuffix("]")
    let inner = isAddress ? host.dropFirst().dropLast() : host
    guard !inner.isEmpty,
      inner.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
          true
        case UInt8(ascii: ":"): isAddress
        default: false
        }
      })
    else { return nil }
    self.init(isSecure: isSecure, host: host.lowercased(), port: port)
  }
}
