/// What a server is told on a new connection, all at once, and what it has to answer.
struct ConnectionSetup: Sendable {
  let commands: [RedisCommand]
  /// Whether a reply of the command at the same place may be an error.
  private let isOptional: [Bool]
  private let mustBeMaster: Bool

  /// - Parameter mustBeMaster: Whether a replica is refused.
  init(
    user: String?, password: String?, database: Int = 0, clientName: String, mustBeMaster: Bool = false
  ) {
    var steps: [(command: RedisCommand, isOptional: Bool)] = []
    if let password {
      let words = [user, password].compactMap { $0.map { Array($0.utf8) } }
      steps.append((RedisCommand("AUTH", words), false))
    }
    // A user who may do no more than a cache needs may not name connections, and can do without.
    if !clientName.isEmpty {
      steps.append((RedisCommand(words: "CLIENT", "SETNAME", clientName), true))
    }
    if database != 0 { steps.append((RedisCommand(words: "SELECT", String(database)), false)) }
    // A server that hangs still takes connections; one that answers is there.
    steps.append((mustBeMaster ? RedisCommand("ROLE") : RedisCommand("PING"), false))
    commands = steps.map(\.command)
    isOptional = steps.map(\.isOptional)
    self.mustBeMaster = mustBeMaster
  }

  /// - Throws: the first error that matters, `unavailable` for a replica.
  func check(_ replies: [RedisReply]) throws(TokyoDataError) {
    for (reply, isOptional) in zip(replies, isOptional) where !isOptional {
      if case .error(let error) = reply { throw TokyoDataError(error) }
    }
    guard mustBeMaster else { return }
    guard case .array(let role) = replies.last, let name = role.first else { throw .unexpectedReply() }
    guard name == .bytes(Array("master".utf8)) else {
      throw TokyoDataError(RedisConnectionError(.wrongRole))
    }
  }
}
