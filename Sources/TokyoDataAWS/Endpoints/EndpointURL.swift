/// The URL of a custom endpoint: a scheme, a host, perhaps a port and a path; nothing else.
struct EndpointURL: Sendable, Hashable {
  var origin: HTTPOrigin
  /// What stands in front of every path, without a slash at its end; most often empty.
  var path: String

  /// Nil for what is no such URL.
  init?(_ text: String) {
    guard let (isSecure, rest) = Self.scheme(of: text) else { return nil }
    let authority = rest.prefix { $0 != "/" }
    guard let (host, port) = Self.hostAndPort(authority) else { return nil }
    origin = HTTPOrigin(isSecure: isSecure, host: host, port: port)
    var path = rest[authority.endIndex...]
    guard path.utf8.allSatisfy(Self.isPathByte) else { return nil }
    while path.hasSuffix("/") { path.removeLast() }
    self.path = String(path)
  }

  /// The host is an address and not a name.
  var isAddress: Bool {
    origin.host.hasPrefix("[")
      || origin.host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || Self.isDigit($0) }
  }

  private static func scheme(of text: String) -> (isSecure: Bool, rest: Substring)? {
    for (scheme, isSecure) in [("https://", true), ("http://", false)]
    where text.prefix(scheme.count).lowercased() == scheme {
      return (isSecure, text.dropFirst(scheme.count))
    }
    return nil
  }

  private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
    var host = authority
    var port: Int?
    let colonFrom = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[colonFrom...].lastIndex(of: ":") {
      let digits = authority[authority.index(after: colon)...]
      guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit), let number = Int(digits),
        (1...65535).contains(number)
      else { return nil }
      host = authority[..<colon]
      port = number
    }
    guard isHost(host) else { return nil }
    return (host.lowercased(), port)
  }

  private static func isHost(_ host: Substring) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") {
      let inner = host.dropFirst().dropLast()
      return inner.contains(":")
        && inner.utf8.allSatisfy { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || isHexadecimal($0) }
    }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return host.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
          }
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  private static func isPathByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "/-._~%".utf8.contains(byte)
  }
}
