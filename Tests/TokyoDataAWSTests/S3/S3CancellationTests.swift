import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

@Suite("S3ObjectStore, canceled", .timeLimit(.minutes(5)))
struct S3CancellationTests {
  private let bench: S3Bench
  private let transport = CancelingTransport()
  private let store: S3ObjectStore

  init() async throws {
    bench = try await S3Bench()
    let client = AWSClient(
      settings: bench.aws.settings, credentials: bench.aws.credentials, transport: transport,
      time: ClientTime(clock: InstantClock()))
    var options = S3ObjectStoreOptions()
    options.partSize = 5 << 20
    options.rangeSize = 1 << 20
    store = try S3ObjectStore(bucket: bench.bucket, prefix: nil, client: client, options: options)
  }

  @Test("an upload in parts ends at any request, and leaves no upload and no transfer", arguments: 1...8)
  func uploads(_ number: Int) async throws {
    // One to begin, four parts, one to complete, and what cleans up.
    await #expect(throws: (any Error).self, "request \(number) was not made") {
      try await transport.run(cancelingAt: number) {
        try await store.put(S3ObjectStoreTests.bytes(18 << 20), as: ObjectKey("x"))
      }
      if number > 6 { throw CancellationError() }
    }
    #expect(transport.running == 0)
    #expect(try await bench.pendingUploads().isEmpty)
    let listed = try await bench.store().list(prefix: "")
    #expect(listed.isEmpty || listed.map(\.size) == [18 << 20], "half an object")
  }

  @Test("a read in ranges ends at any request, and leaves no transfer", arguments: 1...6)
  func reads(_ number: Int) async throws {
    try await bench.store().put(S3ObjectStoreTests.bytes(6 << 20), as: ObjectKey("x"))
    await #expect(throws: CancellationError.self) {
      try await transport.run(cancelingAt: number) { _ = try await store.get(ObjectKey("x")) }
    }
    #expect(transport.running == 0)
  }

  @Test("a reader that has enough ends the transfers")
  func enough() async throws {
    struct Enough: Error {}
    try await bench.store().put(S3ObjectStoreTests.bytes(6 << 20), as: ObjectKey("x"))
    await #expect(throws: Enough.self) {
      try await store.read(ObjectKey("x")) { _ in throw Enough() }
    }
    #expect(transport.running == 0)
  }
}

/// Cancels the task that is run when its n-th request has begun.
private final class CancelingTransport: HTTPTransport {
  private let transport = CurlTransport()
  private let state = Mutex(State())

  private struct State {
    var begun = 0
    var cancelsAt = Int.max
    var cancel: (@Sendable () -> Void)?
  }

  /// Transfers that libcurl knows of.
  var running: Int { transport.statistics().running }

  func run(cancelingAt number: Int, _ body: @escaping @Sendable () async throws -> Void) async throws {
    let gate = AsyncStream<Void>.makeStream()
    let task = Task {
      for await _ in gate.stream { break }
      try await body()
    }
    state.withLock { $0 = State(cancelsAt: number, cancel: { task.cancel() }) }
    gate.continuation.finish()
    try await task.value
  }

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    let cancel = state.withLock { state in
      state.begun += 1
      return state.begun == state.cancelsAt ? state.cancel : nil
    }
    cancel?()
    return try await transport.send(request, within: limits, consume)
  }
}
