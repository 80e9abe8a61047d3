import Foundation
import Synchronization
import Testing

@testable import TokyoDataRedis

extension ServerTests {
  @Suite("A cluster", .serialized, .timeLimit(.minutes(3)))
  struct ClusterTests {
    private let key = CacheKey("k")

    private func ports(_ cluster: RedisCluster) async throws -> [RedisEndpoint] {
      _ = try await cluster.send([RedisCommand("GET", [[107]], key: [107])], until: .now + .seconds(20))
      var servers: Set<RedisEndpoint> = []
      for slot in [0, 8000, 16383] {
        if let server = try await cluster.server(of: slot, until: .now + .seconds(20)) {
          servers.insert(server)
        }
      }
      return Array(servers)
    }

    private func say(_ words: [String], to node: RedisNode) async throws -> RedisReply {
      let command = RedisCommand(words[0], words.dropFirst().map { Array($0.utf8) })
      return try await node.send([command], until: .now + .seconds(20))[0]
    }

    private func id(of node: RedisNode) async throws -> String {
      guard case .bytes(let id) = try await say(["CLUSTER", "MYID"], to: node) else { return "" }
      return String(decoding: id, as: UTF8.self)
    }

    @Test("calls follow a slot while it moves to another server and after")
    func moving() async throws {
      try await OwnService.run("redis-cluster") { configuration in
        try await closing(try RedisCache(configuration)) { cache in
          let cluster = try #require(cache.servers as? RedisCluster)
          let (slot, ok) = (HashSlot.of(key.bytes), RedisReply.status(Array("OK".utf8)))
          let owner = try #require(try await cluster.server(of: slot, until: .now + .seconds(20)))
          let other = try #require(try await ports(cluster).first { $0 != owner })
          let (from, to) = try (cluster.node(at: owner), cluster.node(at: other))
          let (fromID, toID) = try await (id(of: from), id(of: to))

          #expect(try await say(["CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", fromID], to: to) == ok)
          #expect(try await say(["CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", toID], to: from) == ok)
          // The key is not at its owner, who says ASK; the other takes it only from those who say ASKING.
          try await cache.set(key, to: [1], expiry: .never)
          #expect(try await cache.get(key) == [1])
          #expect(try await cache.add(1, to: CacheKey("{k}n"), expiry: .never) == 1)
          #expect(try await say(["CLUSTER", "COUNTKEYSINSLOT", "\(slot)"], to: to) == .integer(2))
          #expect(try await cluster.server(of: slot, until: .now + .seconds(20)) == owner)

          for node in [to, from] {
            #expect(try await say(["CLUSTER", "SETSLOT", "\(slot)", "NODE", toID], to: node) == ok)
          }
          #expect(try await cache.get(key) == [1])
          #expect(try await cluster.server(of: slot, until: .now + .seconds(20)) == other)
        }
      }
    }

    @Test("of which a server dies fails for its keys in time, and serves the others")
    func dying() async throws {
      try await OwnService.run("redis-cluster") { configuration in
        var configuration = configuration
        configuration.longestPause = .milliseconds(200)
        try await closing(try RedisCache(configuration)) { cache in
          let cluster = try #require(cache.servers as? RedisCluster)
          let servers = try await ports(cluster)
          let victim = try #require(
            try await cluster.server(of: HashSlot.of(key.bytes), until: .now + .seconds(20)))
          let other = try #require(servers.first { $0 != victim })
          for node in [other] {
            // Without it the whole cluster stops.
            _ = try await say(
              ["CONFIG", "SET", "cluster-require-full-coverage", "no"], to: cluster.node(at: node))
          }
          kill(try await fact("process_id", of: cluster.node(at: victim)), SIGKILL)
          for _ in 0..<5 {
            let start = ContinuousClock.now
            let refusal = await code { _ = try await cache.get(key) }
            #expect(refusal == .unavailable || refusal == .timeout)
            #expect(.now - start < .seconds(3))
          }
          var elsewhere = 0
          while true {
            let candidate = CacheKey("e\(elsewhere)")
            elsewhere += 1
            let server = try await cluster.server(
              of: HashSlot.of(candidate.bytes), until: .now + .seconds(20))
            guard server == other else { continue }
            #expect(try await cache.get(candidate) == nil)
            break
          }
        }
      }
    }

    /// A cluster of one server that answers every GET alike.
    private func withLiar(
      _ answer: @escaping @Sendable (_ port: String) -> String,
      _ body: (RedisCluster, _ asked: () -> Int) async throws -> Void
    ) async throws {
      let asked = Atomic(0)
      let port = Mutex("")
      let impostor = try Impostor { peer in
        while true {
          switch try peer.command().prefix(2) {
          case ["PING"]: try peer.say("+PONG\r\n")
          case ["CLIENT", "SETNAME"]: try peer.say("+OK\r\n")
          case ["CLUSTER", "SLOTS"]:
            let port = port.withLock { $0 }
            try peer.say("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n")
          case ["ASKING"]: try peer.say("+OK\r\n")
          default:
            asked.wrappingAdd(1, ordering: .relaxed)
            try peer.say(answer(port.withLock { $0 }))
          }
        }
      }
      defer { impostor.stop() }
      if case .host(_, let number) = impostor.endpoint { port.withLock { $0 = "\(number)" } }
      var configuration = RedisConfiguration(.cluster([impostor.endpoint]))
      configuration.commandTimeout = .seconds(20)
      try await closing(try RedisCache(configuration)) { cache in
        try await body(try #require(cache.servers as? RedisCluster)) { asked.load(ordering: .relaxed) }
      }
    }

    @Test("that sends a command round for ever is left after some rounds", arguments: ["MOVED", "ASK"])
    func endless(_ word: String) async throws {
      try await withLiar { port in
        "-\(word) 1 127.0.0.1:\(port)\r\n"
      } _: { cluster, asked in
        let replies = try await cluster.send(
          [RedisCommand("GET", [[1]], key: [1])], until: .now + .seconds(20))
        #expect(replies.first?.isError(RedisServerError.Code(word)) == true)
        #expect(asked() == 6)
      }
    }

    @Test(
      "that is down for a moment is asked again, and not for ever", arguments: ["CLUSTERDOWN", "TRYAGAIN"])
    func waiting(_ word: String) async throws {
      try await withLiar { _ in
        "-\(word) for now\r\n"
      } _: { cluster, asked in
        let replies = try await cluster.send(
          [RedisCommand("GET", [[1]], key: [1])], until: .now + .seconds(20))
        #expect(replies.first?.isError(RedisServerError.Code(word)) == true)
        #expect(asked() == 6)
      }
    }

    @Test("a redirect to nowhere is an error and not followed")
    func nowhere() async throws {
      try await withLiar { _ in
        "-MOVED 99999 nowhere\r\n"
      } _: { cluster, asked in
        _ = try await cluster.send([RedisCommand("GET", [[1]], key: [1])], until: .now + .seconds(20))
        #expect(asked() == 1)
      }
    }
  }
}
