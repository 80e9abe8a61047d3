import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

/// Against the laboratory, behind a relay that brings a call to a point of its way and keeps it there.
@Suite("A call that is canceled", .serialized, .timeLimit(.minutes(10)))
struct CallCancellationTests {
  /// What becomes of bytes that were on their way.
  enum Rest: CaseIterable, Sendable {
    /// They are lost with their connections.
    case isLost
    /// They arrive, though perhaps nobody waits for what they bring about.
    case arrives
  }

  @Test(
    "at any point of its way ends in nothing else, and leaves no transfer, no upload and no half of an object",
    arguments: CanceledCall.allCases, Rest.allCases)
  func anywhere(_ call: CanceledCall, _ rest: Rest) async throws {
    let bench = try await CallCancellationTests.bench()
    var canceled = 0
    let marks = try await call.marks(bench, seed: rest == .isLost ? 1 : 2)
    for mark in marks {
      let title = "\(call) \(mark) \(rest)"
      let failure = try await cancel(call, at: mark, rest, bench, title)
      #expect(failure == nil || failure is CancellationError, "\(title): \(String(reflecting: failure))")
      if failure != nil { canceled += 1 }
      #expect(try await bench.pendingUploads().isEmpty, "\(title)")
      let sizes = try await bench.store().list(prefix: "new/").map(\.size)
      #expect(sizes.allSatisfy { $0 == call.size }, "\(title): \(sizes)")
    }
    #expect(canceled > marks.count / 2, "\(call) was canceled \(canceled) times of \(marks.count)")
  }

  /// A bucket with something to read.
  static func bench() async throws -> S3Bench {
    let bench = try await S3Bench()
    try await bench.store().put(CanceledCall.small, as: ObjectKey("there"))
    return bench
  }

  /// Cancels a call at a point of its way.
  ///
  /// - Returns: how it ended.
  private func cancel(
    _ call: CanceledCall, at mark: MeteredRelay.Mark, _ rest: Rest, _ bench: S3Bench, _ title: String
  ) async throws -> (any Error)? {
    let relay = try MeteredRelay(stoppingAt: mark)
    defer { relay.stop() }
    let transport = CurlTransport(.direct)
    // Where the rest is lost nobody needs to wait for it.
    let time = rest == .isLost ? Laboratory.hurried : ClientTime()
    let client = try Laboratory.client(at: relay.url, transport, time)
    let task = Task {
      // A call may be over before it comes to the mark: one request more or less is no difference.
      defer { relay.reached.open() }
      try await call.run(client, bench.bucket)
    }
    try await relay.reached.wait()
    task.cancel()
    switch rest {
    case .isLost: relay.letOthersPass()
    case .arrives: relay.letAllPass()
    }
    let result = await task.result
    #expect(transport.statistics().running == 0, "\(title)")
    try await CanceledCall.get.run(client, bench.bucket)
    await transport.close()
    #expect(transport.statistics() == .init(running: 0, connections: 0), "\(title)")
    guard case .failure(let error) = result else { return nil }
    return error
  }

  @Test("between two tries does not wait for the next", arguments: [CanceledCall.get, .put, .copy, .glue])
  func betweenTries(_ call: CanceledCall) async throws {
    try await withServer { peer in
      while true {
        let (request, _) = try peer.requestWithBody()
        try peer.answer("503 Service Unavailable", body: request.line.hasPrefix("HEAD") ? "" : "busy")
      }
    } _: { server in
      let transport = CurlTransport(.direct)
      let clock = EndlessPauses()
      let client = try Laboratory.client(
        at: "http://127.0.0.1:\(server.port)", transport, ClientTime(clock: clock))
      let task = Task { try await call.run(client, "lake") }
      try await clock.began.wait()
      #expect(transport.statistics().running == 0)
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test(
    "while keys are fetched leaves alone; the keys come for whoever is next", arguments: CanceledCall.allCases
  )
  func duringRefresh(_ call: CanceledCall) async throws {
    let bench = try await Self.bench()
    let keys = GatedCredentials(bench.aws.credentials)
    let cached = CachedCredentials(keys)
    let transport = CurlTransport(.direct)
    let client = AWSClient(
      settings: bench.aws.settings, credentials: cached, transport: transport, time: Laboratory.hurried)
    let task = Task { try await call.run(client, bench.bucket) }
    try await keys.asked.wait()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(cached.waiting == 0 && cached.isRefreshing)
    #expect(transport.statistics() == .init(running: 0, connections: 0))
    keys.gate.open()
    try await CanceledCall.get.run(client, bench.bucket)
    #expect(keys.count == 1)
    #expect(try await bench.pendingUploads().isEmpty)
  }

  @Test("a hundred times, at points by chance, leaves descriptors, threads and memory as they were")
  func figures() async {
    await #expect(processExitsWith: .success) {
      let bench = try await CallCancellationTests.bench()
      let tests = CallCancellationTests()
      var generator = SeededGenerator(3)
      func round(_ count: Int) async throws {
        for number in 0..<count {
          let call = [CanceledCall.get, .download, .put, .glue][number % 4]
          let mark = MeteredRelay.Mark(
            way: number % 3 == 0 ? .down : .up, bytes: .random(in: 0..<1_500, using: &generator))
          _ = try await tests.cancel(call, at: mark, number % 2 == 0 ? .isLost : .arrives, bench, "\(number)")
        }
      }
      try await round(20)
      let before = ProcessFigures()
      try await round(100)
      let after = ProcessFigures()
      try #require(after.descriptors <= before.descriptors + 4, "\(before) \(after)")
      try #require(after.threads <= before.threads + 4, "\(before) \(after)")
      try #require(after.resident <= before.resident + 16 << 20, "\(before) \(after)")
    }
  }
}

/// Pauses that nothing ends but cancellation.
private final class EndlessPauses: Clock {
  /// Opens when the first has begun.
  let began = Gate()

  var now: ContinuousClock.Instant { .now }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    began.open()
    try await Gate().wait()
  }
}

/// Keys that come when a gate is opened.
private final class GatedCredentials: AWSCredentialProvider {
  let name = "gated"
  /// Opens when somebody wants keys.
  let asked = Gate()
  let gate = Gate()
  private let source: any AWSCredentialProvider
  private let asks = Atomic(0)

  init(_ source: any AWSCredentialProvider) { self.source = source }

  var count: Int { asks.load(ordering: .relaxed) }

  func credentials() async throws -> AWSCredentials {
    asks.add(1, ordering: .relaxed)
    asked.open()
    try await gate.wait()
    return try await source.credentials()
  }
}
