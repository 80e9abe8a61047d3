/// How the path stands in a signature.
enum CanonicalPath: Sendable, Hashable {
  /// As it is sent: keys of S3 may have `//` and `..`.
  case asSent
  /// Encoded once more, with dots and double slashes as they are.
  case encodedAgain
  /// Encoded once more, after dots and double slashes are resolved: what all services but S3 do.
  case normalized

  func text(_ path: String) -> String {
    switch self {
    case .asSent: path.isEmpty ? "/" : path
    case .encodedAgain: URIEncoding.encode(path.isEmpty ? "/" : path, keepsSlashes: true)
    case .normalized: URIEncoding.encode(Self.normalize(path), keepsSlashes: true)
    }
  }

  private static func normalize(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." { parts.append(part) } else { _ = parts.popLast() }
    }
    guard !parts.isEmpty else { return "/" }
    return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
  }
}
