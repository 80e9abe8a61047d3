import Foundation
import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Bodies that stream")
struct CurlStreamingTests {
  @Test("Who does not read holds the transfer up, and gets all of it afterwards")
  func heldUpReading() async throws {
    let block = [UInt8](repeating: 7, count: 1 << 20)
    let full = Gate()
    let sent = Mutex(0)
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\n\r\n")
      // Until neither the sockets nor the client take more.
      while sent.withLock({ $0 < 64 << 20 }), peer.isWritable(within: 1000) {
        let count = peer.sendAvailable(block)
        sent.withLock { $0 += count }
      }
      full.open()
    } _: { server in
      try await CurlTransport(.direct).send(.to(server), within: HTTPLimits()) { _, body in
        try await full.wait()
        let exchange = try #require(body as? Exchange)
        let waiting = exchange.state.withLock { $0.waiting }
        #expect(waiting >= CurlSizes.waiting)
        #expect(waiting <= CurlSizes.waiting + CurlSizes.piece + CurlSizes.receiveBuffer)
        var received = 0
        while let piece = try await body.next() { received += piece.count }
        #expect(received == sent.withLock { $0 })
        #expect(received > waiting)
      }
    }
  }

  @Test("Pieces are full where bytes come fast, and come at once where they do not")
  func pieces() async throws {
    let ask = ThreadGate()
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\n\r\na")
      ask.wait()
      try peer.send("b")
    } _: { server in
      try await CurlTransport(.direct).send(.to(server), within: HTTPLimits()) { _, body in
        let first = try await body.next()
        #expect(first == [UInt8(ascii: "a")])
        ask.open()
        let second = try await body.next()
        #expect(second == [UInt8(ascii: "b")])
        for _ in 0..<2 {
          let end = try await body.next()
          #expect(end == nil)
        }
      }
    }
  }

  @Test("A producer is not asked for more than the network takes")
  func heldUpSending() async throws {
    let calls = Atomic(0)
    let piece = [UInt8](repeating: 1, count: 1 << 20)
    try await withServer { peer in
      _ = try peer.request()
      peer.waitForInterrupt()
    } _: { server in
      let body = HTTPRequestBody.stream(length: 1 << 30) {
        calls.add(1, ordering: .relaxed)
        return piece
      }
      var limits = HTTPLimits()
      limits.idle = .milliseconds(300)
      let code = try await CurlTransport(.direct).failure(of: .to(server, .put, "/", body), within: limits)
      #expect(code == .idleTimeout)
      // The buffers of two sockets, libcurl's, and a piece in hand.
      #expect((1...20).contains(calls.load(ordering: .relaxed)))
    }
  }

  @Test("A producer is asked again only when its piece is with the network")
  func oneAtATime() async throws {
    let received = Mutex("")
    let arrived = Mutex<[Gate]>((0..<3).map { _ in Gate() })
    try await withServer { peer in
      _ = try peer.request()
      for index in 0..<3 {
        let text = String(decoding: try peer.receive(2), as: UTF8.self)
        received.withLock { $0 += text }
        arrived.withLock { $0[index] }.open()
      }
      try peer.answer()
    } _: { server in
      let asked = Mutex(0)
      let body = HTTPRequestBody.stream(length: 6) {
        let index = asked.withLock { asked in
          defer { asked += 1 }
          return asked
        }
        // The server has the piece before: it went out without waiting for this one.
        if index > 0 { try await arrived.withLock { $0[index - 1] }.wait() }
        return Array("p\(index)".utf8)
      }
      let answer = try await CurlTransport(.direct).fetch(.to(server, .put, "/", body))
      #expect(answer.status == 200)
      #expect(received.withLock { $0 } == "p0p1p2")
      #expect(asked.withLock { $0 } == 3)
    }
  }

  struct Broken: Error, Equatable {}

  @Test("A producer that fails fails the request with its own error")
  func failingProducer() async throws {
    let cut = Gate()
    try await withServer { peer in
      _ = try peer.request()
      #expect(peer.discard(10) == 3)
      cut.open()
    } _: { server in
      let calls = Atomic(0)
      let transport = CurlTransport(.direct)
      await #expect(throws: Broken()) {
        try await transport.fetch(
          .to(
            server, .put, "/",
            .stream(length: 10) {
              guard calls.add(1, ordering: .relaxed).oldValue == 0 else { throw Broken() }
              return [1, 2, 3]
            }))
      }
      #expect(transport.statistics() == .init(running: 0, connections: 0))
      try await cut.wait()
    }
  }

  @Test("A stream of another length than promised fails the request", arguments: [[4, 4], [4, 4, 4], [11]])
  func wrongLength(counts: [Int]) async throws {
    try await withServer { peer in
      _ = try peer.request()
      if peer.discard(10) == 10 { try peer.answer() }
    } _: { server in
      let index = Atomic(0)
      let body = HTTPRequestBody.stream(length: 10) {
        let next = index.add(1, ordering: .relaxed).oldValue
        return next < counts.count ? [UInt8](repeating: 1, count: counts[next]) : nil
      }
      let transport = CurlTransport(.direct)
      let code = try await transport.failure(of: .to(server, .put, "/", body))
      #expect(code == .invalidBody)
      #expect(transport.statistics().running == 0)
    }
  }

  @Test("An answer before the end of the body stops the producer")
  func earlyAnswer() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.answer("403 Forbidden", ["Connection: close"], body: "no")
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      let piece = [UInt8](repeating: 1, count: 1 << 16)
      let answer = try await transport.fetch(.to(server, .put, "/", .stream(length: 1 << 30) { piece }))
      #expect(answer.status == 403)
      #expect(answer.body == Array("no".utf8))
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("Who stops reading ends the transfer")
  func stopsReading() async throws {
    let ended = Gate()
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
      peer.waitForEnd()
      ended.open()
    } _: { server in
      let transport = CurlTransport(.direct)
      let status = try await transport.send(.to(server), within: HTTPLimits()) { response, _ in
        response.status
      }
      #expect(status == 200)
      #expect(transport.statistics() == .init(running: 0, connections: 0))
      try await ended.wait()
    }
  }

  @Test("A reader's error is what the sender gets, and ends the transfer")
  func readerFails() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      await #expect(throws: Broken()) {
        try await transport.send(.to(server), within: HTTPLimits()) { _, _ in throw Broken() }
      }
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }
}
