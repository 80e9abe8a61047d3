/// Where Redis is, and how its connections are set up.
///
/// Neither its text nor a dump of it shows hosts, user or password.
public struct RedisConfiguration: Sendable {
  /// How the servers belong together.
  @nonexhaustive
  public enum Topology: Hashable, Sendable {
    /// One server.
    case single(RedisEndpoint)
    /// A cluster, of which these servers are asked for the others.
    case cluster([RedisEndpoint])
    /// A master and its replicas, of which the sentinels know which is the master now.
    case sentinel(master: String, [RedisEndpoint])
  }

  /// The servers.
  public var topology: Topology
  /// The user; nil for the server's default one.
  public var user: String?
  /// The password; nil where the server asks for none.
  public var password: String?
  /// The user that the sentinels know, where they ask for one.
  public var sentinelUser: String?
  /// The password that the sentinels ask for; nil where they ask for none.
  public var sentinelPassword: String?
  /// The number of the database; a cluster has only 0.
  public var database = 0
  /// What every key begins with, so that several programs can share a server.
  ///
  /// In a cluster a prefix with a part in braces puts all keys on one server.
  public var keyPrefix = ""
  /// The name of each connection, as `CLIENT LIST` shows it: printable ASCII without spaces.
  public var clientName = "tokyo-data"
  /// How long a connection may take until it can be used.
  public var connectTimeout = Duration.seconds(2)
  /// How long a call may take in all, with connecting, redirects and waits.
  public var commandTimeout = Duration.seconds(1)
  /// How many commands may wait for one server; one more is refused as `busy`.
  public var maximumPendingCommands = 10_000
  /// How many bytes of commands may wait for one server; more are refused as `busy`.
  public var maximumPendingBytes = 64 << 20
  /// The longest reply that is taken, in bytes; a longer one ends the connection.
  public var maximumReplyBytes = 256 << 20
  /// After so many failed connections in a row a server is left alone for a while.
  public var failuresUntilPause = 2
  /// How long a server is left alone at first, up to half less by chance.
  public var shortestPause = Duration.milliseconds(100)
  /// How long a server is left alone at most; each pause that did not help doubles the next.
  public var longestPause = Duration.seconds(10)

  /// Makes a configuration of servers, without a password.
  public init(_ topology: Topology) {
    self.topology = topology
  }

  /// Checks what no server could make sense of.
  ///
  /// - Throws: `invalidArgument`.
  func check() throws(TokyoDataError) {
    let isPrintable = clientName.utf8.allSatisfy { (33...126).contains($0) }
    try require(isPrintable, "the name of connections has only printable ASCII characters without spaces")
    try require(database >= 0, "a database has no negative number")
    try require(user == nil || password != nil, "a user has a password")
    try require(connectTimeout > .zero && commandTimeout > .zero, "timeouts are longer than nothing")
    try require(maximumPendingCommands > 0 && maximumPendingBytes > 0, "some command must be able to wait")
    try require(maximumReplyBytes > 0, "some reply must be allowed")
    try require(failuresUntilPause > 0, "a pause follows a failure")
    try require(
      shortestPause > .zero && longestPause >= shortestPause, "the shortest pause is the shorter one")
    switch topology {
    case .single: break
    case .cluster(let servers):
      try require(!servers.isEmpty, "a cluster needs a server to ask")
      try require(database == 0, "a cluster has only database 0")
    case .sentinel(let master, let servers):
      try require(!servers.isEmpty, "a master needs a sentinel to ask")
      try require(!master.isEmpty, "a master has a name")
    }
  }

  private func require(_ condition: Bool, _ message: String) throws(TokyoDataError) {
    guard !condition else { return }
    throw TokyoDataError(.invalidArgument, message, context: .init(store: "redis"))
  }
}

extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
  /// Nothing that is set.
  public var description: String { "RedisConfiguration" }

  /// What a debugger may show.
  public var customMirror: Mirror { Mirror(self, children: ["database": database]) }
}
