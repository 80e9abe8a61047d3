import Foundation
import Testing

@testable import TokyoDataAWS

/// Each in a process of its own, where nothing else opens descriptors, starts threads or takes memory.
@Suite("What requests leave behind", .serialized)
struct CurlResourceTests {
  @Test("Ten thousand requests leave descriptors, threads and memory as they were")
  func manyRequests() async {
    await #expect(processExitsWith: .success) {
      try await withServer { peer in
        while true {
          let (request, body) = try peer.requestWithBody()
          if request.line.contains("/cut") { return }
          try peer.answer(body: request.line.hasPrefix("HEAD") ? "" : "\(body.count)")
        }
      } _: { server in
        let transport = CurlTransport(.direct)
        try await CurlResourceTests.send(500, to: server, with: transport)
        let before = ProcessFigures()
        try await CurlResourceTests.send(10_000, to: server, with: transport)
        let after = ProcessFigures()
        try #require(transport.statistics().running == 0)
        // Sixteen connections may be kept, on both sides, each with a thread of the server.
        try #require(after.descriptors <= before.descriptors + 40, "\(before) \(after)")
        try #require(after.threads <= before.threads + 20, "\(before) \(after)")
        try #require(after.resident <= before.resident + 16 << 20, "\(before) \(after)")
        await transport.close()
        try #require(transport.statistics() == .init(running: 0, connections: 0))
      }
    }
  }

  /// Requests of all sorts, sixteen at a time, some of which are cut or canceled.
  static func send(_ count: Int, to server: ScriptedServer, with transport: CurlTransport) async throws {
    try await withThrowingTaskGroup { group in
      for worker in 0..<16 {
        group.addTask {
          for index in stride(from: worker, to: count, by: 16) {
            let piece = [UInt8](repeating: 1, count: 1000)
            switch index % 5 {
            case 0: _ = try await transport.fetch(.to(server))
            case 1: _ = try await transport.fetch(.to(server, .put, "/", .bytes([piece[...], piece[...]])))
            case 2: _ = try await transport.fetch(.to(server, .put, "/", .stream(length: 2000) { piece }))
            case 3: _ = try await transport.fetch(.to(server, .head))
            default:
              guard index % 100 == 4 else { continue }
              _ = try await transport.failure(of: .to(server, .get, "/cut"))
              let task = Task { try await transport.fetch(.to(server)) }
              task.cancel()
              _ = await task.result
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("A transport that is dropped ends its thread and closes its connections")
  func dropping() async {
    await #expect(processExitsWith: .success) {
      try await withServer { peer in
        while true {
          _ = try peer.request()
          try peer.answer()
        }
      } _: { server in
        _ = try await CurlTransport(.direct).fetch(.to(server))
        let before = ProcessFigures()
        for _ in 0..<50 { _ = try await CurlTransport(.direct).fetch(.to(server)) }
        // The threads end by themselves, soon after their transports.
        let deadline = ContinuousClock.now + .seconds(60)
        var now = ProcessFigures()
        while now.threads > before.threads + 4 || now.descriptors > before.descriptors + 8 {
          try #require(ContinuousClock.now < deadline, "\(before), \(now)")
          await Task.yield()
          now = ProcessFigures()
        }
      }
    }
  }

  @Test("256 megabytes down and up in bounded memory, and no byte is another", arguments: [false, true])
  func bigBodies(isStream: Bool) async {
    await #expect(processExitsWith: .success) { [isStream] in
      let pattern = CurlResourceTests.pattern
      let rounds = 269
      let length = rounds * pattern.count
      try await withServer { peer in
        let request = try peer.request()
        if request.line.hasPrefix("GET") {
          try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n")
          for _ in 0..<rounds { try peer.send(pattern) }
        } else {
          var isEqual = request.length == length
          for _ in 0..<rounds where isEqual { isEqual = try peer.receive(pattern.count) == pattern }
          try peer.answer(isEqual ? "200 OK" : "400 Bad Request")
        }
      } _: { server in
        let transport = CurlTransport(.direct)
        let before = ProcessFigures()
        let received = try await transport.send(.to(server), within: HTTPLimits()) { _, body in
          var offset = 0
          while let piece = try await body.next() {
            try #require(CurlResourceTests.isPattern(piece, at: offset))
            offset += piece.count
          }
          return offset
        }
        try #require(received == length)
        let body: HTTPRequestBody =
          isStream
          ? .stream(length: length) { pattern } : .bytes(Array(repeating: pattern[...], count: rounds))
        let answer = try await transport.fetch(.to(server, .put, "/", body))
        try #require(answer.status == 200)
        let after = ProcessFigures()
        try #require(after.peak <= before.resident + 32 << 20, "\(before) \(after)")
      }
    }
  }

  /// A length that no buffer has, so that every boundary falls elsewhere.
  static let pattern: [UInt8] = {
    var state: UInt32 = 1
    return (0..<1_000_003).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }()

  /// Compares in blocks: byte by byte would take a debug build minutes.
  static func isPattern(_ piece: [UInt8], at offset: Int) -> Bool {
    piece.withUnsafeBytes { piece in
      pattern.withUnsafeBytes { pattern in
        var done = 0
        while done < piece.count {
          let start = (offset + done) % pattern.count
          let count = min(piece.count - done, pattern.count - start)
          guard let left = piece.baseAddress, let right = pattern.baseAddress,
            memcmp(left + done, right + start, count) == 0
          else { return false }
          done += count
        }
        return true
      }
    }
  }
}

/// What this process has of the system at the moment.
struct ProcessFigures: CustomStringConvertible {
  let descriptors: Int
  let threads: Int
  let resident: Int
  let peak: Int

  init() {
    descriptors = Self.entries("/proc/self/fd")
    threads = Self.entries("/proc/self/task")
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    resident = Self.kilobytes("VmRSS:", in: status) << 10
    peak = Self.kilobytes("VmHWM:", in: status) << 10
  }

  var description: String {
    "\(descriptors) descriptors, \(threads) threads, \(resident >> 20) MiB (at most \(peak >> 20))"
  }

  private static func entries(_ path: String) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? .max
  }

  private static func kilobytes(_ name: String, in status: String) -> Int {
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? .max >> 10
  }
}
