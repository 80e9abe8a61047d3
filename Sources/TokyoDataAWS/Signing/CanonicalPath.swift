/// How the path stands in a signature.
struct CanonicalPath: Sendable, Hashable {
  /// Dots and double slashes are resolved.
  var resolvesDots: Bool
  /// What is percent-encoded is encoded once more.
  var encodesAgain: Bool

  /// S3's way: keys may have `//` and `..`.
  static let asSent = CanonicalPath(resolvesDots: false, encodesAgain: false)
  /// All other services' way.
  static let normalized = CanonicalPath(resolvesDots: true, encodesAgain: true)

  func text(_ path: String) -> String {
    let path = resolvesDots ? Self.resolve(path) : path.isEmpty ? "/" : path
    return encodesAgain ? URIEncoding.encode(path, keepsSlashes: true) : path
  }

  private static func resolve(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." { parts.append(part) } else { _ = parts.popLast() }
    }
    guard !parts.isEmpty else { return "/" }
    return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
  }
}
