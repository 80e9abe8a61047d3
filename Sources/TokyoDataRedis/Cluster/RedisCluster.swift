internal import Synchronization

/// Servers that share the keys between them by slots.
///
/// Which server has which slots is asked of any of them when it is needed first, and again when a server says
/// that a slot has moved or cannot be reached.
final class RedisCluster: RedisServers {
  private struct State {
    var map: SlotMap?
    /// When the map was taken.
    var mapTaken = Duration.zero
    var nodes: [RedisEndpoint: RedisNode] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())
  private let discovery = SharedAttempt<SlotMap>()
  private let seeds: [RedisEndpoint]
  private let configuration: RedisConfiguration
  private let signals: RedisSignals
  let clock: RedisClock

  init(
    _ seeds: [RedisEndpoint], _ configuration: RedisConfiguration, _ signals: RedisSignals,
    _ clock: RedisClock
  ) {
    self.seeds = seeds
    self.configuration = configuration
    self.signals = signals
    self.clock = clock
  }

  func groups(of keys: [[UInt8]]) -> [[Int]] {
    Array(Dictionary(grouping: keys.indices) { HashSlot.of(keys[$0]) }.values)
  }

  func close() async {
    let nodes = state.withLock { state in
      state.isClosed = true
      defer { (state.nodes, state.map) = ([:], nil) }
      return Array(state.nodes.values)
    }
    for node in nodes { await node.close() }
  }

  /// The server of a slot, as far as is known.
  func server(of slot: Int, until deadline: ContinuousClock.Instant) async throws -> RedisEndpoint? {
    if let map = state.withLock({ $0.map }) { return map.server(of: slot) }
    return try await discover(until: deadline).server(of: slot)
  }

  /// The node at an endpoint, made where it is new.
  func node(at server: RedisEndpoint) throws(TokyoDataError) -> RedisNode {
    let node = state.withLock { state -> RedisNode? in
      guard !state.isClosed else { return nil }
      if let node = state.nodes[server] { return node }
      let node = RedisNode(configuration, signals, clock) { [configuration, signals] deadline in
        try await RedisConnection.open(
          server, configuration, signals, until: deadline,
          setup: ConnectionSetup(
            user: configuration.user, password: configuration.password,
            clientName: configuration.clientName))
      }
      state.nodes[server] = node
      return node
    }
    guard let node else { throw TokyoDataError(RedisConnectionError(.closed)) }
    return node
  }

  /// Notes what a server said of a slot.
  func note(_ redirect: Redirect) {
    guard case .moved(let slot, let server) = redirect else { return }
    state.withLock { $0.map?.move(slot, to: server) }
  }

  /// Has the next call ask where the slots are: what is known has proven wrong.
  ///
  /// Not more often than a failing server is tried: while one is down, calls for its keys cost the others nothing.
  func forgetMap() {
    let now = clock.now()
    state.withLock { state in
      if now - state.mapTaken >= configuration.shortestPause { state.map = nil }
    }
  }

  private func discover(until deadline: ContinuousClock.Instant) async throws -> SlotMap {
    try await discovery.value(until: deadline) { try await self.askForMap() }
  }

  /// Asks the servers that are known, one after the other, and then those that were configured.
  private func askForMap() async throws -> SlotMap {
    let known = state.withLock { Array($0.nodes.keys) }
    var failure = TokyoDataError(RedisConnectionError(.cannotConnect))
    for server in known.shuffled() + seeds.filter({ !known.contains($0) }) {
      do {
        let replies = try await node(at: server).send(
          [RedisCommand(words: "CLUSTER", "SLOTS")], until: .now + configuration.connectTimeout)
        if case .error(let error)? = replies.first { throw TokyoDataError(error) }
        guard let reply = replies.first, let map = SlotMap(reply, asked: server) else {
          throw TokyoDataError.unexpectedReply()
        }
        await take(map)
        return map
      } catch let error as TokyoDataError { failure = error }
    }
    throw failure
  }

  /// Keeps a new map, and the nodes that it or the configuration names.
  private func take(_ map: SlotMap) async {
    let gone = state.withLock { state in
      if !state.isClosed { (state.map, state.mapTaken) = (map, clock.now()) }
      let kept = Set(map.servers + seeds)
      let gone = state.nodes.filter { !kept.contains($0.key) }
      for server in gone.keys { state.nodes[server] = nil }
      return Array(gone.values)
    }
    for node in gone { await node.close() }
  }
}
