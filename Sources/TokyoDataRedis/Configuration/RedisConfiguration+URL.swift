extension RedisConfiguration {
  /// Makes a configuration of a URL, which may hold user and password.
  ///
  /// - `redis://[user:password@]host[:port][/database]`: one server, by default at port 6379;
  /// - `redis+unix://[user:password@]/path[?db=database]`: one server at a Unix socket;
  /// - `redis+cluster://[user:password@]host[:port][,host[:port]…]`: a cluster;
  /// - `redis+sentinel://[user:password@]host[:port][,host[:port]…]/master[/database]`: a master by its name,
  ///   asked of sentinels, by default at port 26379.
  ///
  /// User, password, path and name may have percent escapes. `rediss://` is refused: hiredis here has no TLS.
  ///
  /// - Throws: `invalidArgument`, which quotes nothing of the URL.
  public init(url: String) throws(TokyoDataError) {
    guard let separator = url.firstRange(of: "://") else { throw Self.invalid("it has no scheme") }
    var parts = URLParts(url[separator.upperBound...])
    switch url[..<separator.lowerBound] {
    case "redis":
      let hosts = try Self.endpoints(parts.takeHosts(), defaultPort: 6379)
      guard hosts.count == 1 else { throw Self.invalid("redis:// names one server") }
      self.init(.single(hosts[0]))
      database = try Self.database(parts.takeSegment())
    case "redis+unix":
      guard parts.takeHosts().isEmpty else { throw Self.invalid("the path of a socket begins with a slash") }
      let (path, query) = parts.takePath()
      guard let path = Self.decoded(path), !path.isEmpty else { throw Self.invalid("the path is damaged") }
      self.init(.single(.socket(path: path)))
      guard query.isEmpty || query.hasPrefix("db=") else {
        throw Self.invalid("it knows only the parameter db")
      }
      database = try Self.database(query.dropFirst(3))
    case "redis+cluster":
      self.init(.cluster(try Self.endpoints(parts.takeHosts(), defaultPort: 6379)))
    case "redis+sentinel":
      let hosts = try Self.endpoints(parts.takeHosts(), defaultPort: 26379)
      guard let master = Self.decoded(parts.takeSegment()), !master.isEmpty else {
        throw Self.invalid("after the sentinels comes the name of the master")
      }
      self.init(.sentinel(master: master, hosts))
      database = try Self.database(parts.takeSegment())
    case "rediss":
      throw Self.invalid(
        "hiredis as it is used here has no TLS, and nothing goes in plain text unasked; put a tunnel such as "
          + "stunnel before the server and name its local end with redis://")
    default: throw Self.invalid("the scheme is redis, redis+unix, redis+cluster or redis+sentinel")
    }
    guard parts.isEmpty else { throw Self.invalid("something is left over at its end") }
    (user, password) = try Self.credentials(parts.credentials)
    try check()
  }

  private static func invalid(_ message: String) -> TokyoDataError {
    TokyoDataError(.invalidArgument, "the URL makes no sense: \(message)", context: .init(store: "redis"))
  }

  private static func credentials(_ text: Substring?) throws(TokyoDataError) -> (String?, String?) {
    guard let text else { return (nil, nil) }
    guard let colon = text.firstIndex(of: ":"), let user = decoded(text[..<colon]),
      let password = decoded(text[text.index(after: colon)...])
    else { throw invalid("before the @ stand user and password with a colon between") }
    return (user.isEmpty ? nil : user, password)
  }

  private static func endpoints(
    _ text: Substring, defaultPort: Int
  ) throws(TokyoDataError) -> [RedisEndpoint] {
    var endpoints: [RedisEndpoint] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let endpoint = RedisEndpoint(address: part, defaultPort: defaultPort) else {
        throw invalid("a server is host or host:port")
      }
      endpoints.append(endpoint)
    }
    return endpoints
  }

  private static func database(_ text: Substring) throws(TokyoDataError) -> Int {
    guard !text.isEmpty else { return 0 }
    guard let number = Int(text) else { throw invalid("the database is a number") }
    return number
  }

  /// The text without percent escapes; nil where they are damaged or are no UTF-8.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// What follows the scheme of a URL, taken from left to right.
private struct URLParts {
  let credentials: Substring?
  private var rest: Substring

  init(_ text: Substring) {
    // A password may hold any sign but a slash unescaped; the last @ before the first slash ends it.
    let authority = text.prefix { $0 != "/" }
    if let at = authority.lastIndex(of: "@") {
      credentials = text[..<at]
      rest = text[text.index(after: at)...]
    } else {
      credentials = nil
      rest = text
    }
  }

  var isEmpty: Bool { rest.isEmpty }

  mutating func takeHosts() -> Substring {
    let hosts = rest.prefix { $0 != "/" }
    rest = rest.dropFirst(hosts.count)
    return hosts
  }

  /// The next part between slashes.
  mutating func takeSegment() -> Substring {
    rest = rest.drop { $0 == "/" }
    return takeHosts()
  }

  mutating func takePath() -> (path: Substring, query: Substring) {
    defer { rest = "" }
    let path = rest.prefix { $0 != "?" }
    return (path, rest.dropFirst(path.count + 1))
  }
}

extension RedisEndpoint {
  /// The endpoint that `host`, `host:port` or `[address]:port` means, or nil.
  init?(address: Substring, defaultPort: Int) {
    let host: Substring
    let tail: Substring
    if address.first == "[" {
      guard let end = address.firstIndex(of: "]") else { return nil }
      host = address[address.index(after: address.startIndex)..<end]
      tail = address[address.index(after: end)...]
    } else {
      host = address.prefix { $0 != ":" }
      tail = address.dropFirst(host.count)
    }
    guard !host.isEmpty, tail.isEmpty || tail.first == ":" else { return nil }
    guard let port = tail.isEmpty ? defaultPort : Int(tail.dropFirst()), (1...65535).contains(port) else {
      return nil
    }
    self = .host(String(host), port: port)
  }
}
