import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// Against the laboratory, behind a server of ours that goes down and comes up.
@Suite("An endpoint that is down", .timeLimit(.minutes(5)))
struct EndpointDownTests {
  private let bench: S3Bench
  private let server: UnsteadyServer
  private let transport = CurlTransport(.direct)
  private let pauses = PauseSteps()
  private let client: AWSClient
  private let key: ObjectKey

  init() async throws {
    bench = try await S3Bench()
    let port = try Laboratory.port()
    server = try UnsteadyServer { try $0.relay(to: port) }
    client = try Laboratory.client(
      at: "http://127.0.0.1:\(server.port)", transport, ClientTime(clock: pauses))
    key = try ObjectKey("x")
  }

  private func store(_ client: AWSClient? = nil) throws -> S3ObjectStore {
    var options = S3ObjectStoreOptions()
    options.partSize = 5 << 20
    options.width = 2
    return try S3ObjectStore(
      bucket: bench.bucket, prefix: nil, client: client ?? self.client, options: options)
  }

  /// A call of S3 and one of a service that speaks JSON.
  enum Service: CaseIterable { case s3, glue }

  private func call(_ service: Service, _ client: AWSClient? = nil) async throws {
    switch service {
    case .s3: _ = try await store(client).list(prefix: "")
    case .glue:
      let catalog = try GlueCatalog(
        database: JSONLaboratory.newName("db"), bucket: "lake", layout: LakeLayout(),
        client: client ?? self.client, clock: HurriedClock())
      _ = try await catalog.shown(of: GlueScenario.dataset())
    }
  }

  @Test(
    "is an error that says so after three tries, and the same client works once it is up",
    arguments: Service.allCases)
  func down(_ service: Service) async throws {
    try await call(service)
    server.down()
    let error = await #expect(throws: TokyoDataError.self) { try await call(service) }
    #expect(error?.code == .unavailable)
    #expect((error?.cause as? HTTPError)?.code == .cannotConnect)
    #expect(pauses.count == 2)
    let keys = try await client.credentials.credentials()
    for text in ["\(String(describing: error))", String(reflecting: error)] {
      #expect(!text.contains(keys.accessKeyID) && !text.contains(keys.secretAccessKey))
    }
    #expect(transport.statistics() == .init(running: 0, connections: 0))
    try server.up()
    try await call(service)
    #expect(pauses.count == 2)
  }

  @Test("is not noticed by a call whose next try finds it up", arguments: Service.allCases, 1...2)
  func upAgain(_ service: Service, _ pause: Int) async throws {
    server.down()
    pauses.before(pause) { [server] in try server.up() }
    try await call(service)
    #expect(pauses.count == pause)
  }

  @Test("is asked ever less the longer it is down, and once it is up the first try is answered")
  func longOutage() async throws {
    server.down()
    for _ in 0..<RetryQuota.capacity / RetryQuota.retry {
      await #expect(throws: TokyoDataError.self) { try await call(.s3) }
    }
    #expect(pauses.count == RetryQuota.capacity / RetryQuota.retry)
    #expect(client.state.quota(.s3).available == 0)
    try server.up()
    try await call(.s3)
    #expect(pauses.count == RetryQuota.capacity / RetryQuota.retry)
    #expect(client.state.quota(.s3).available == RetryQuota.refund)
  }

  @Test("takes kept connections with it; the calls after that have new ones, and need no second try")
  func keptConnections() async throws {
    for _ in 0..<3 {
      try await withThrowingTaskGroup { group in
        for _ in 0..<8 { group.addTask { try await call(.s3) } }
        try await group.waitForAll()
      }
      #expect(server.accepted >= 1)
      server.down()
      try server.up()
    }
    try await call(.glue)
    #expect(pauses.count == 0)
  }

  @Test(
    "and up again in the middle of an upload: the object is whole, and nothing is left beside it",
    arguments: [1, 3, 5])
  func duringUpload(_ part: Int) async throws {
    let bytes = S3ObjectStoreTests.bytes(5 << 20)
    pauses.before(1) { [server] in try server.up() }
    try await store().withUpload(to: key) { upload in
      for number in 1...6 {
        try await upload.write(bytes)
        if number == part { server.down() }
      }
    }
    #expect(pauses.count >= 1)
    #expect(try await bench.store().get(key) == (1...6).flatMap { _ in bytes })
    #expect(try await bench.pendingUploads().isEmpty)
  }

  @Test("for all tries of a part: the upload fails, and is ended as soon as S3 can be reached")
  func uploadFails() async throws {
    let bytes = S3ObjectStoreTests.bytes(5 << 20)
    var options = S3ObjectStoreOptions()
    options.partSize = bytes.count
    options.width = 1
    let store = try S3ObjectStore(bucket: bench.bucket, prefix: nil, client: client, options: options)
    // Two pauses are the part's; the third is that of the request which ends the upload.
    pauses.before(3) { [server] in try server.up() }
    let error = await #expect(throws: TokyoDataError.self) {
      try await store.withUpload(to: key) { upload in
        for number in 1...4 {
          try await upload.write(bytes)
          if number == 2 { server.down() }
        }
      }
    }
    #expect(error?.code == .unavailable)
    #expect(pauses.count == 3)
    #expect(try await bench.pendingUploads().isEmpty)
    #expect(try await bench.store().list(prefix: "").isEmpty)
  }

  /// Ways of not getting through that a second try may get over, or not.
  enum Obstacle: CaseIterable { case unknownName, absentProxy, refusingProxy, untrustedServer }

  @Test(
    "by another reason: typed, bounded, and tried again only where that may help",
    arguments: Obstacle.allCases, Service.allCases)
  func obstacles(_ obstacle: Obstacle, _ service: Service) async throws {
    switch obstacle {
    case .unknownName: try await expect(.unavailable, pauses: 2, service, at: "http://no-such-host.invalid")
    case .absentProxy:
      server.down()
      try await expect(.unavailable, pauses: 2, service, at: "http://target.test", by: server.port)
    case .refusingProxy:
      try await withServer { peer in
        _ = try peer.request()
        try peer.answer("403 Forbidden")
      } _: { proxy in
        try await expect(.unavailable, pauses: 2, service, at: "https://target.test", by: proxy.port)
      }
    case .untrustedServer:
      try await withTLSServer(for: "IP:127.0.0.1") { port, _ in
        try await expect(.serverError, pauses: 0, service, at: "https://127.0.0.1:\(port)")
      }
    }
  }

  private func expect(
    _ code: TokyoDataError.Code, pauses count: Int, _ service: Service, at url: String, by proxy: Int? = nil
  ) async throws {
    var configuration = CurlConfiguration.direct
    if let proxy { configuration.proxy = .url("http://127.0.0.1:\(proxy)") }
    let transport = CurlTransport(configuration)
    let pauses = PauseSteps()
    let client = try Laboratory.client(at: url, transport, ClientTime(clock: pauses))
    let error = await #expect(throws: TokyoDataError.self) { try await call(service, client) }
    #expect(error?.code == code)
    #expect(error?.cause is HTTPError)
    #expect(pauses.count == count)
    #expect(transport.statistics() == .init(running: 0, connections: 0))
  }

  @Test(
    "a query of Athena's waits for a server that is down, not for one that is not who it says it is",
    arguments: [HTTPError.Code.insecure, .closed])
  func query(_ code: HTTPError.Code) async throws {
    let service = ServiceStandIn { _ in throw HTTPError(code) }
    let athena = AthenaClient(client: service.client)
    let clock = WaitingClock(service.client.time)
    let starter = QueryStarter(athena: athena, calls: PatientCalls(clock: clock))
    let start = AthenaQueryStart(queryString: "SELECT 1", clientRequestToken: AthenaClientTests.token)
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await starter.start(start, until: clock.now() + .milliseconds(200))
    }
    #expect(error?.code == (code == .insecure ? .serverError : .unavailable))
    #expect(service.calls.count == 1)
  }
}

/// Pauses that are over at once; before some of them something happens.
private final class PauseSteps: Clock {
  private let state = Mutex(State())

  private struct State {
    var count = 0
    var steps: [Int: @Sendable () throws -> Void] = [:]
  }

  /// How many there were.
  var count: Int { state.withLock { $0.count } }

  var now: ContinuousClock.Instant { .now }
  var minimumResolution: Duration { .zero }

  /// Has something happen in the n-th pause.
  func before(_ number: Int, _ step: @escaping @Sendable () throws -> Void) {
    state.withLock { $0.steps[number] = step }
  }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let step = state.withLock { state in
      state.count += 1
      return state.steps[state.count]
    }
    try step?()
  }
}
