extension RedisCluster {
  /// So often a command is sent at most: a cluster whose servers disagree would send it round for ever.
  private static let maximumRounds = 6
  /// How long a slot that is not served is waited for at first; each wait doubles the next.
  private static let firstWait = Duration.milliseconds(10)

  /// A command on its way, by its place in the call.
  private struct Letter: Sendable {
    var place: Int
    var command: RedisCommand
    var server: RedisEndpoint
    /// The server is to be told that the slot is on its way to it.
    var isAsking = false
  }

  func send(
    _ commands: [RedisCommand], until deadline: ContinuousClock.Instant
  ) async throws -> [RedisReply] {
    var replies: [RedisReply] = Array(repeating: .null, count: commands.count)
    var letters: [Letter] = []
    for (place, command) in commands.enumerated() {
      letters.append(try await address(command, place, until: deadline))
    }
    var wait = Self.firstWait
    for round in 1... {
      var later: [Letter] = []
      var mustWait = false
      for (letter, reply) in try await deliver(letters, until: deadline) {
        replies[letter.place] = reply
        guard round < Self.maximumRounds, let redirect = Redirect(reply, asked: letter.server) else {
          if reply.isError(.readOnly) { forgetMap() }
          continue
        }
        note(redirect)
        switch redirect {
        case .moved(_, let server):
          later.append(Letter(place: letter.place, command: letter.command, server: server))
        case .ask(let server):
          later.append(
            Letter(place: letter.place, command: letter.command, server: server, isAsking: true))
        case .wait:
          mustWait = true
          later.append(letter)
        }
      }
      if later.isEmpty { return replies }
      if mustWait {
        guard .now + wait < deadline else { return replies }
        try await clock.sleep(wait)
        wait *= 2
        // Who holds the slot may be another server by now.
        forgetMap()
        for index in later.indices where !later[index].isAsking {
          later[index] = try await address(later[index].command, later[index].place, until: deadline)
        }
      }
      letters = later
    }
    return replies
  }

  private func address(
    _ command: RedisCommand, _ place: Int, until deadline: ContinuousClock.Instant
  ) async throws -> Letter {
    let slot = command.key.map(HashSlot.of) ?? 0
    guard let server = try await server(of: slot, until: deadline) else {
      forgetMap()
      throw TokyoDataError(RedisServerError(.clusterDown))
    }
    return Letter(place: place, command: command, server: server)
  }

  /// Sends each server what is for it, all at once.
  private func deliver(
    _ letters: [Letter], until deadline: ContinuousClock.Instant
  ) async throws -> [(Letter, RedisReply)] {
    let mails = Array(Dictionary(grouping: letters, by: \.server))
    if mails.count == 1 { return try await deliver(mails[0].value, to: mails[0].key, until: deadline) }
    return try await withThrowingTaskGroup(of: [(Letter, RedisReply)].self) { group in
      for (server, letters) in mails {
        group.addTask { try await self.deliver(letters, to: server, until: deadline) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func deliver(
    _ letters: [Letter], to server: RedisEndpoint, until deadline: ContinuousClock.Instant
  ) async throws -> [(Letter, RedisReply)] {
    let asking = RedisCommand("ASKING")
    let commands: [RedisCommand] = letters.flatMap { $0.isAsking ? [asking, $0.command] : [$0.command] }
    var replies: ArraySlice<RedisReply>
    do {
      replies = try await node(at: server).send(commands, until: deadline)[...]
    } catch {
      // A server that is gone may have a successor.
      if !(error is CancellationError) { forgetMap() }
      throw error
    }
    return try letters.map { letter in
      if letter.isAsking { _ = replies.popFirst() }
      guard let reply = replies.popFirst() else { throw TokyoDataError.unexpectedReply() }
      return (letter, reply)
    }
  }
}
