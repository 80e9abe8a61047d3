import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Cancellation")
struct CurlCancellationTests {
  /// Where a request is when its task is canceled.
  enum Stage: CaseIterable {
    case connecting
    case waitingForHead
    case waitingForBody
    case heldUpByReader
    case waitingForProducer
    case sending
    case reading
  }

  @Test("Wherever a request is, cancellation ends it and leaves nothing running", arguments: Stage.allCases)
  func anywhere(stage: Stage) async throws {
    let reached = Gate()
    let ended = Gate()
    try await withServer { peer in
      defer { ended.open() }
      if stage == .connecting { reached.open() } else { _ = try peer.request() }
      switch stage {
      case .connecting, .waitingForProducer: break
      case .waitingForHead: reached.open()
      case .waitingForBody, .reading: try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
      case .heldUpByReader:
        try peer.send("HTTP/1.1 200 OK\r\n\r\n")
        while true { try peer.send([UInt8](repeating: 1, count: 1 << 20)) }
      case .sending: _ = peer.discard(1 << 20)
      }
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      let never = Gate()
      var request = HTTPRequest.to(server, isSecure: stage == .connecting)
      if stage == .waitingForProducer || stage == .sending {
        let calls = Atomic(0)
        request.method = .put
        request.body = .stream(length: 1 << 30) {
          if calls.add(1, ordering: .relaxed).newValue == 3 {
            reached.open()
            if stage == .waitingForProducer { try await never.wait() }
          }
          return [UInt8](repeating: 1, count: 1 << 20)
        }
      }
      let task = Task { [request] in
        try await transport.send(request, within: HTTPLimits(connect: .seconds(300))) { _, body in
          if stage == .reading || stage == .heldUpByReader {
            reached.open()
            try await never.wait()
          }
          while try await body.next() != nil { reached.open() }
        }
      }
      try await reached.wait()
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(transport.statistics() == .init(running: 0, connections: 0))
      try await ended.wait()
    }
  }

  @Test("A request that waits for a connection leaves the line")
  func inLine() async throws {
    let reached = Gate()
    let go = ThreadGate()
    try await withServer { peer in
      while true {
        let request = try peer.request()
        if request.line.contains("/first") {
          reached.open()
          go.wait()
        }
        try peer.answer()
      }
    } _: { server in
      defer { go.open() }
      var configuration = CurlConfiguration.direct
      configuration.connectionsPerHost = 1
      let transport = CurlTransport(configuration)
      async let first = transport.fetch(.to(server, .get, "/first"))
      try await reached.wait()
      let tasks = (0..<10).map { _ in Task { _ = try await transport.fetch(.to(server)) } }
      for task in tasks.shuffled() { task.cancel() }
      for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
      #expect(transport.statistics() == .init(running: 1, connections: 1))
      go.open()
      _ = try await first
      _ = try await transport.fetch(.to(server))
      #expect(server.accepted == 1)
    }
  }

  @Test("A task that is canceled already sends nothing")
  func before() async throws {
    try await withServer { _ in
    } _: { server in
      let transport = CurlTransport(.direct)
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        _ = try await transport.fetch(.to(server))
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(server.accepted == 0)
    }
  }

  @Test("A child task that reads is canceled alone, and takes the transfer with it")
  func childTask() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      try await transport.send(.to(server), within: HTTPLimits()) { _, body in
        _ = try await body.next()
        let reader = Task { try await body.next() }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        await #expect(throws: CancellationError.self) { try await body.next() }
      }
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("Cancellation, answers, cuts and closing race, and every request ends once", arguments: 0..<4)
  func races(round: Int) async throws {
    let block = [UInt8](repeating: 1, count: 300_000)
    try await withServer { peer in
      while true {
        let request = try peer.request()
        guard peer.discard(request.length) == request.length else { return }
        switch Int.random(in: 0..<6) {
        case 0: return
        case 1: try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"); return
        case 2: peer.reset(); return
        case 3: try peer.answer(body: "x")
        default:
          try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(block.count)\r\n\r\n")
          try peer.send(block)
        }
      }
    } _: { server in
      let transport = CurlTransport(.direct)
      let seen = await withTaskGroup(of: String.self) { group in
        for index in 0..<300 {
          group.addTask {
            var request = HTTPRequest.to(server)
            if index % 3 == 0 {
              request.method = .put
              request.body = .stream(length: 200_000) { Array(block.prefix(50_000)) }
            }
            let task = Task { [request] in try await transport.fetch(request) }
            if index % 2 == 0 {
              for _ in 0..<Int.random(in: 0..<200) { await Task.yield() }
              task.cancel()
            }
            let result = await task.result
            if round == 3, index == 250 { await transport.close() }
            switch result {
            case .success: return "answer"
            case .failure(let error): return (error as? HTTPError)?.code.rawValue ?? "\(type(of: error))"
            }
          }
        }
        return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
      }
      #expect(seen.values.reduce(0, +) == 300)
      #expect(
        Set(seen.keys).isSubset(of: ["answer", "connectionLost", "CancellationError", "closed"]), "\(seen)")
      #expect(transport.statistics().running == 0)
      await transport.close()
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }
}
