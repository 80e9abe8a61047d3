/// Finds the master of a name by asking sentinels, and connects to it.
///
/// A sentinel may be wrong for a moment: only a server that says itself that it is the master counts.
struct SentinelDiscovery: Sendable {
  let master: String
  let sentinels: [RedisEndpoint]
  let configuration: RedisConfiguration
  let signals: RedisSignals

  /// Makes a connection to the master.
  ///
  /// - Throws: the error of the last sentinel or server that was tried.
  func open(until deadline: ContinuousClock.Instant) async throws -> RedisConnection {
    var failure: any Error = TokyoDataError(RedisConnectionError(.cannotConnect))
    // In any order, so that a fleet does not ask one sentinel only.
    for (index, sentinel) in sentinels.shuffled().enumerated() {
      // One that hangs leaves the others their share of the time.
      let share = (deadline - .now) / (sentinels.count - index)
      let limit: ContinuousClock.Instant = .now + share
      do {
        let server = try await address(from: sentinel, until: limit)
        return try await RedisConnection.open(
          server, configuration, signals, until: limit,
          setup: ConnectionSetup(
            user: configuration.user, password: configuration.password, database: configuration.database,
            clientName: configuration.clientName, mustBeMaster: true))
      } catch let error as TokyoDataError { failure = error }
    }
    throw failure
  }

  /// Where a sentinel says the master is.
  private func address(
    from sentinel: RedisEndpoint, until deadline: ContinuousClock.Instant
  ) async throws -> RedisEndpoint {
    let connection = try await RedisConnection.open(
      sentinel, configuration, signals, until: deadline,
      setup: ConnectionSetup(
        user: configuration.sentinelUser, password: configuration.sentinelPassword,
        clientName: configuration.clientName))
    let question = RedisCommand(words: "SENTINEL", "get-master-addr-by-name", master)
    let answer: Result<[RedisReply], any Error>
    do { answer = .success(try await connection.send([question], until: deadline)) } catch {
      answer = .failure(error)
    }
    await connection.close()
    return try Self.address(in: answer.get(), asked: sentinel)
  }

  static func address(
    in replies: [RedisReply], asked sentinel: RedisEndpoint
  ) throws(TokyoDataError) -> RedisEndpoint {
    switch replies.first {
    case .error(let error): throw TokyoDataError(error)
    case .null: throw TokyoDataError(.unavailable, "the sentinel knows no master of that name")
    case .array(let parts):
      guard parts.count == 2, case .bytes(let host) = parts[0], case .bytes(let port) = parts[1],
        let port = Int(String(decoding: port, as: UTF8.self)), (1...65535).contains(port),
        let server = RedisEndpoint(
          announced: String(decoding: host, as: UTF8.self), port: port, asked: sentinel)
      else { throw .unexpectedReply() }
      return server
    default: throw .unexpectedReply()
    }
  }
}
