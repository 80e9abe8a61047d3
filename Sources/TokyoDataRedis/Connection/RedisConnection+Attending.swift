internal import Synchronization

/// How commands of many tasks share the connection.
///
/// Nobody has to be at work for it: whoever has a command writes it where he stands, if the connection is free,
/// and looks for the replies himself for a moment if nobody else waits; the connection's thread reads all others as
/// they come.
extension RedisConnection {
  /// So many replies that are due come one after the other without a pause.
  private static let many = 12
  /// So long after a caller read his own replies it is left to callers to look at the socket.
  private static let rest = Duration.milliseconds(5)

  /// Runs commands without others between them.
  ///
  /// A call that is canceled or too late returns at once. Its commands may run nevertheless, and their replies
  /// are read and dropped.
  ///
  /// - Returns: a reply for each, errors of the server among them.
  /// - Throws: `unavailable`, `timeout`, `busy`, or `CancellationError`.
  nonisolated func send(
    _ commands: [RedisCommand], until deadline: ContinuousClock.Instant
  ) async throws -> [RedisReply] {
    try Task.checkCancellation()
    let number = inbox.withLock { $0.makeNumber() }
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let group = CommandGroup(
          number: number, commands: commands, deadline: deadline, continuation: continuation)
        let refusal = inbox.withLock { inbox in
          let refusal = inbox.add(group, configuration)
          // A cancellation that came before the group found nothing to cancel.
          if refusal == nil, Task.isCancelled { inbox.cancel(number) }
          return refusal
        }
        if let refusal { return continuation.resume(throwing: refusal) }
        executor.call()
      }
    } onCancel: {
      inbox.withLock { $0.cancel(number) }
      executor.call()
    }
  }

  /// Does what there is to do; runs whenever somebody called, the socket has something, or a deadline passed.
  func attend() -> CallState.Expectation {
    guard isUsable else { return .nothing }
    let heardBefore = heard
    let isLone = takeIn()
    var isAnsweredHere = false
    do throws(RedisConnectionError) {
      try write()
      try read()
      if isLone { isAnsweredHere = try lookForReplies() }
    } catch {
      finish(error, isFailure: true)
      return .nothing
    }
    giveUpWhatIsLate()
    if isAnsweredHere { leaveToCallers() } else { watchForMore() }
    return heard != heardBefore && replies.count >= Self.many ? .muchSoon : .readiness
  }

  /// Takes in what callers gave; whether that is the only call whose replies are due.
  private func takeIn() -> Bool {
    let (groups, cancellations) = inbox.withLock { $0.take() }
    for group in groups {
      for command in group.commands { output.append(command.wire) }
      replies.add(group, heard: heard)
    }
    for number in cancellations {
      replies.abandon(number)?.continuation.resume(throwing: CancellationError())
    }
    return groups.count == 1 && replies.count == 1
  }

  private func write() throws(RedisConnectionError) {
    guard socket.descriptor >= 0, !output.isEmpty else { return }
    try output.send { bytes throws(RedisConnectionError) in try socket.send(bytes) }
  }

  private func read() throws(RedisConnectionError) {
    while socket.descriptor >= 0 {
      let received = try room.withUnsafeMutableBufferPointer { room throws(RedisConnectionError) in
        try socket.receive(into: UnsafeMutableRawBufferPointer(room))
      }
      switch received {
      case .bytes(let count):
        heard += UInt64(count)
        try room.withUnsafeBufferPointer { room throws(RedisConnectionError) in
          try reader.feed(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: room[..<count])))
        }
        try deliver()
        // Less than there was room for is all that there is for now.
        if count < room.count { return }
      case .nothingYet: return
      case .end:
        // A server may close a connection on which nothing runs, for its own reasons.
        let isIdle = replies.isEmpty
        return finish(RedisConnectionError(.lost), isFailure: !isIdle)
      }
    }
  }

  /// Looks for the replies to an only call for about as long as it takes to put a thread to sleep and wake it up
  /// again; whether they came.
  private func lookForReplies() throws(RedisConnectionError) -> Bool {
    guard !replies.isEmpty, patience.isWorthALook() else { return false }
    executor.lookAway()
    let end = ContinuousClock.now + Patience.limit
    while !replies.isEmpty, inbox.withLock({ $0.isEmpty }), ContinuousClock.now < end { try read() }
    patience.note(isAnswered: replies.isEmpty)
    return replies.isEmpty
  }

  private func deliver() throws(RedisConnectionError) {
    var finished: [ReplyQueue.Finished] = []
    defer {
      // First: who has his answer may call again at once, and finds the room that he had.
      inbox.withLock { inbox in
        for call in finished { inbox.settle(call.group) }
      }
      for call in finished where !call.isAbandoned {
        answered.wrappingAdd(1, ordering: .relaxed)
        call.group.continuation.resume(returning: call.replies)
      }
    }
    while let reply = try reader.next() {
      if let call = try replies.add(reply) { finished.append(call) }
    }
  }

  /// A late command is given up alone while the server still says something, and with the connection where it
  /// says nothing: then all that come after it would only wait too.
  private func giveUpWhatIsLate() {
    let (late, isSilent) = replies.abandonLate(at: .now, heard: heard)
    let error = RedisConnectionError(.silent)
    // First: who is told may call again at once, and must not meet this connection.
    if isSilent { finish(error, isFailure: true) }
    for group in late { group.continuation.resume(throwing: TokyoDataError(error)) }
  }

  /// Has the thread leave the socket alone for a moment, in which the next caller will read for himself.
  ///
  /// Not for longer, as a server may close a connection on which nothing runs.
  private func leaveToCallers() {
    guard socket.descriptor >= 0 else { return }
    executor.watch(Watch(descriptor: -1, events: [], deadline: .now + Self.rest))
  }

  func watchForMore() {
    guard socket.descriptor >= 0 else { return }
    executor.watch(
      Watch(
        descriptor: socket.descriptor, events: output.isEmpty ? .readable : [.readable, .writable],
        deadline: replies.nearestDeadline))
  }
}
