extension RedisConnection {
  /// Makes a connection that is ready for commands.
  ///
  /// - Parameters:
  ///   - setup: What the server is told first; the connection is good when `isGood` says so of the replies.
  /// - Throws: `TokyoDataError`, or `CancellationError`.
  static func open(
    _ endpoint: RedisEndpoint, _ configuration: RedisConfiguration, _ signals: RedisSignals,
    until deadline: ContinuousClock.Instant, setup: ConnectionSetup
  ) async throws -> RedisConnection {
    let connection = try RedisConnection(configuration, signals)
    connection.executor.serve { [weak connection] in
      connection?.assumeIsolated { $0.attend() } ?? .nothing
    }
    do {
      try await connection.connect(to: endpoint, until: deadline)
      try setup.check(try await connection.send(setup.commands, until: deadline))
      return connection
    } catch {
      await connection.close()
      throw error
    }
  }

  private func connect(to endpoint: RedisEndpoint, until deadline: ContinuousClock.Instant) async throws {
    var failure = TokyoDataError(RedisConnectionError(.cannotConnect))
    for address in SocketAddress.resolve(endpoint) {
      do throws(RedisConnectionError) {
        try socket.start(address)
      } catch {
        failure = TokyoDataError(error)
        continue
      }
      try await waitUntilWritable(until: deadline)
      do throws(RedisConnectionError) {
        try socket.finishConnecting()
        isConnected = true
        signals.noteOpened()
        watchForMore()
        return
      } catch { failure = TokyoDataError(error) }
    }
    socket.close()
    throw failure
  }

  private func waitUntilWritable(until deadline: ContinuousClock.Instant) async throws {
    let id = executor.makeWaitID()
    defer { executor.forget(id) }
    let outcome = await withTaskCancellationHandler {
      await executor.wait(id, for: .writable, on: socket.descriptor, until: deadline)
    } onCancel: {
      executor.interrupt(id)
    }
    switch outcome {
    case .ready: return
    case .deadlinePassed: throw TokyoDataError(.timeout, "the server did not take the connection in time")
    case .interrupted: throw CancellationError()
    }
  }
}
