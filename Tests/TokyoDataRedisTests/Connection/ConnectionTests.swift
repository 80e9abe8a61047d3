import MetricsTestKit
import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRedis

extension ServerTests {
  @Suite("One connection", .timeLimit(.minutes(1)))
  struct ConnectionTests {
    private let a = CacheKey("a")
    private let b = CacheKey("b")

    @Test("gives each call its own reply, however the bytes are cut", arguments: 1...40)
    func cuts(_ cut: Int) async throws {
      let release = ThreadGate()
      try await withImpostor { peer in
        try peer.greet()
        for _ in 0..<2 { _ = try peer.command() }
        let reply = Array("*1\r\n$5\r\nfirst\r\n*1\r\n$6\r\nsecond\r\n".utf8)
        try peer.say(Array(reply.prefix(cut)))
        release.wait()
        try peer.say(Array(reply.dropFirst(cut)))
        try peer.outlast()
      } _: { cache, _ in
        async let first = cache.servers.send([RedisCommand("MGET", [[1]])], until: .now + .seconds(20))
        async let second = cache.servers.send([RedisCommand("MGET", [[2]])], until: .now + .seconds(20))
        release.open()
        let values = try await [first, second].flatMap { $0 }
        #expect(
          Set(values) == [.array([.bytes(Array("first".utf8))]), .array([.bytes(Array("second".utf8))])])
      }
    }

    @Test(
      "ends with what does not keep to the protocol, and the next call has a new one",
      arguments: [
        "hello\r\n", "$99999999999999999999\r\n", "*1\r\n$1\r\nx\r\n+one too many\r\n",
        String(repeating: "*1\r\n", count: 9), "*1\r\n$70000\r\n" + String(repeating: "x", count: 66_000),
      ])
    func garbage(_ answer: String) async throws {
      let connections = Atomic(0)
      try await withImpostor { peer in
        let isFirst = connections.wrappingAdd(1, ordering: .relaxed).oldValue == 0
        try peer.greet()
        while true {
          _ = try peer.command()
          try peer.say(isFirst ? answer : "*1\r\n$1\r\ny\r\n")
        }
      } configure: {
        $0.maximumReplyBytes = 65_536
      } _: { cache, impostor in
        // One reply too many may follow a good one; it is found at once, or with the next call.
        var outcomes = [await code { _ = try await cache.get(a) }]
        var value: [UInt8]?
        outcomes.append(await code { value = try await cache.get(a) })
        if outcomes[1] == .serverError { outcomes.append(await code { value = try await cache.get(a) }) }
        #expect(outcomes.contains(.serverError) || answer.contains("too many"))
        #expect(outcomes.last == .some(nil))
        #expect(value == [UInt8(ascii: "y")])
        #expect(impostor.accepted == 2)
      }
    }

    @Test(
      "ends with a reply of another form than the command's: every later one could be another caller's",
      arguments: [
        "+OK\r\n", ":1\r\n", "$-1\r\n", "*0\r\n", "*2\r\n$1\r\nx\r\n$1\r\ny\r\n", "*-1\r\n", "*1\r\n:5\r\n",
      ])
    func forms(_ answer: String) async throws {
      try await withImpostor { peer in
        try peer.greet()
        while true {
          _ = try peer.command()
          try peer.say(answer)
        }
      } configure: {
        $0.failuresUntilPause = 100
      } _: { cache, impostor in
        #expect(await code { _ = try await cache.get(a) } == .serverError)
        // An element of another form says nothing of the order of replies.
        let isElement = answer == "*1\r\n:5\r\n"
        #expect(await code { _ = try await cache.getEntry(a) } == .serverError || answer.hasPrefix("*2"))
        #expect(impostor.accepted == (isElement ? 1 : 2))
      }
    }

    @Test("the reply to a call that was canceled is not taken for that of the next one")
    func canceled() async throws {
      let asked = Gate()
      let release = ThreadGate()
      try await withImpostor { peer in
        try peer.greet()
        _ = try peer.command()
        asked.open()
        release.wait()
        _ = try peer.command()
        try peer.say("*1\r\n$5\r\nfirst\r\n*1\r\n$6\r\nsecond\r\n")
        try peer.outlast()
      } _: { cache, impostor in
        let first = Task { try await cache.get(a) }
        try await asked.wait()
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        async let second = cache.get(b)
        release.open()
        let answer = try await second
        #expect(answer == Array("second".utf8))
        #expect(impostor.accepted == 1)
      }
    }

    @Test("a call that is too late is given up alone while the server still talks")
    func late() async throws {
      let said = Gate()
      let release = ThreadGate()
      try await withImpostor { peer in
        try peer.greet()
        _ = try peer.command()
        try peer.say("*1\r\n$1\r\nx\r\n")
        _ = try peer.command()
        // A part of the reply: the server is slow, not dead.
        try peer.say("*1\r\n$5\r\nfi")
        said.open()
        _ = try peer.command()
        release.wait()
        try peer.say("rst\r\n*1\r\n$6\r\nsecond\r\n")
        try peer.outlast()
      } _: { cache, impostor in
        // The time of the call is not spent on connecting.
        let before = try await cache.get(a)
        #expect(before == [UInt8(ascii: "x")])
        let late = await code {
          _ = try await cache.servers.send([RedisCommand("MGET", [[1]])], until: .now + .seconds(2))
        }
        #expect(late == .timeout)
        try await said.wait()
        async let second = cache.get(b)
        release.open()
        let answer = try await second
        #expect(answer == Array("second".utf8))
        #expect(impostor.accepted == 1)
      }
    }

    @Test("a server that says nothing for the whole time of a call loses the connection")
    func silent() async throws {
      let connections = Atomic(0)
      try await withImpostor { peer in
        let isFirst = connections.wrappingAdd(1, ordering: .relaxed).oldValue == 0
        try peer.greet()
        _ = try peer.command()
        try peer.say("*1\r\n$1\r\nx\r\n")
        _ = try peer.command()
        if !isFirst { try peer.say("*1\r\n$1\r\ny\r\n") }
        try peer.outlast()
      } _: { cache, impostor in
        let before = try await cache.get(a)
        #expect(before == [UInt8(ascii: "x")])
        let late = await code {
          _ = try await cache.servers.send([RedisCommand("MGET", [[1]])], until: .now + .milliseconds(100))
        }
        #expect(late == .timeout)
        _ = try await cache.get(a)
        let after = try await cache.get(a)
        #expect(after == [UInt8(ascii: "y")])
        #expect(impostor.accepted == 2)
      }
    }

    @Test("more commands than may wait are refused at once, and taken again when some are answered")
    func backPressure() async throws {
      let release = ThreadGate()
      let asked = Gate()
      try await withImpostor { peer in
        try peer.greet()
        for _ in 0..<2 { _ = try peer.command() }
        asked.open()
        release.wait()
        try peer.say("*1\r\n$-1\r\n*1\r\n$-1\r\n")
        while true {
          _ = try peer.command()
          try peer.say("*1\r\n$-1\r\n")
        }
      } configure: {
        // The greeting are two commands that come together.
        $0.maximumPendingCommands = 2
      } _: { cache, _ in
        async let first = cache.get(a)
        async let second = cache.get(b)
        try await asked.wait()
        #expect(await code { _ = try await cache.get(a) } == .busy)
        release.open()
        _ = try await (first, second)
        #expect(try await cache.get(a) == nil)
      }
    }

    @Test("more bytes than may wait are refused at once")
    func backPressureOfBytes() async throws {
      try await withImpostor { peer in
        try peer.greet()
        while true {
          _ = try peer.command()
          try peer.say("+OK\r\n")
        }
      } configure: {
        $0.maximumPendingBytes = 1000
      } _: { cache, _ in
        let large = [UInt8](repeating: 0, count: 1000)
        #expect(await code { try await cache.set(a, to: large, expiry: .never) } == .busy)
        try await cache.set(a, to: Array(large.prefix(900)), expiry: .never)
      }
    }

    @Test("calls, cancellations, deadlines and the end of the connection at once resume each call once")
    func race() async throws {
      for round in 0..<30 {
        try await withImpostor { peer in
          try peer.greet()
          for _ in 0..<(50 + round * 5) {
            _ = try peer.command()
            try peer.say("*1\r\n$1\r\ny\r\n")
          }
        } _: { cache, _ in
          let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
              group.addTask {
                let call = Task {
                  _ = try await cache.servers.send(
                    [RedisCommand("MGET", [[1]])],
                    until: .now + (number % 3 == 0 ? .microseconds(number * 10) : .seconds(20)))
                }
                if number % 4 == 0 { call.cancel() }
                _ = await call.result
                return true
              }
            }
            return await group.reduce(into: 0) { count, _ in count += 1 }
          }
          #expect(outcomes == 100)
        }
      }
    }

    @Test("a server that closes an idle connection is no failure: the next call has a new one")
    func idleEnd() async throws {
      let metrics = TestMetrics()
      try await withImpostor(metrics: metrics) { peer in
        try peer.greet()
        _ = try peer.command()
        try peer.say("*1\r\n$1\r\ny\r\n")
      } configure: {
        // A failure would leave the server alone.
        $0.failuresUntilPause = 1
        $0.shortestPause = .seconds(1000)
        $0.longestPause = .seconds(1000)
      } _: { cache, _ in
        let connections = try metrics.expectGauge(
          MetricName.connectionCount.rawValue, [("db.system.name", "redis")])
        for _ in 0..<20 {
          #expect(try await cache.get(a) == [UInt8(ascii: "y")])
          // An end that came while a call is under way would be a failure.
          while connections.lastValue != 0 { await Task.yield() }
        }
      }
    }

    @Test("a server that takes no writes any more is left, and looked for anew")
    func readOnly() async throws {
      let connections = Atomic(0)
      try await withImpostor { peer in
        let isFirst = connections.wrappingAdd(1, ordering: .relaxed).oldValue == 0
        try peer.greet()
        while true {
          _ = try peer.command()
          try peer.say(isFirst ? "-READONLY You can't write against a replica\r\n" : "+OK\r\n")
        }
      } _: { cache, impostor in
        #expect(await code { try await cache.set(a, to: [1], expiry: .never) } == .unavailable)
        try await cache.set(a, to: [1], expiry: .never)
        #expect(impostor.accepted == 2)
      }
    }

    @Test("user, password and database come first, and a refusal is told without them")
    func refusal() async throws {
      let words = Mutex<[[String]]>([])
      try await withImpostor { peer in
        for _ in 0..<4 {
          let command = try peer.command()
          words.withLock { $0.append(command) }
        }
        try peer.say("-WRONGPASS invalid secret\r\n-NOAUTH no\r\n-NOAUTH no\r\n-NOAUTH no\r\n")
        try peer.outlast()
      } configure: {
        ($0.user, $0.password, $0.database) = ("sam", "secret", 3)
      } _: { cache, _ in
        let error = await #expect(throws: TokyoDataError.self) { try await cache.get(a) }
        #expect(error?.code == .permissionDenied)
        #expect((error?.cause as? RedisServerError)?.code == .wrongPassword)
        var text = error.map { String(reflecting: $0) } ?? ""
        dump(error, to: &text)
        #expect(!text.contains("secret") && !text.contains("sam"))
        #expect(
          words.withLock { $0 } == [
            ["AUTH", "sam", "secret"], ["CLIENT", "SETNAME", "tokyo-data"], ["SELECT", "3"], ["PING"],
          ])
      }
    }
  }
}
