import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

@Suite("S3ObjectStore, whose credentials end in the middle of an upload", .timeLimit(.minutes(10)))
struct S3ExpiryTests {
  private static let count = 200
  private static let part = S3ObjectStoreTests.bytes(5 << 20)

  private let bench: S3Bench
  private let role: LaboratoryRole

  init() async throws {
    bench = try await S3Bench()
    role = LaboratoryRole(STSClient(client: bench.aws))
  }

  @Test("keys that the service ends are replaced once, and the upload goes on")
  func replaced() async throws {
    try await upload(to: store()) { number in
      if number == Self.count / 2 { try await role.expire() }
    }
    #expect(role.asked == 2)
    let refused = try await checkWhole()
    #expect((1...4).contains(refused), "the parts that were under way, each once")
  }

  @Test("one answer that the keys have ended: new ones, and the same part again")
  func refusedOnce() async throws {
    let rule: [String: any Sendable] = [
      "operation": "s3:UploadPart", "kind": "expired_token", "target": bench.bucket, "after": Self.count / 2,
      "times": 1,
    ]
    let store = try store()
    try await Laboratory.withFaults([rule]) { try await upload(to: store) }
    #expect(role.asked == 2)
    #expect(try await checkWhole() == 1)
  }

  @Test("no new keys for once: the error says so, and the next keys end the upload")
  func failedOnce() async throws {
    // One part at a time, or another would bring the new keys meanwhile.
    let store = try store { $0.width = 1 }
    let error = await #expect(throws: TokyoDataError.self) {
      try await upload(to: store) { number in
        guard number == Self.count / 2 else { return }
        role.fails(1)
        try await role.expire()
      }
    }
    #expect(error?.code == .permissionDenied)
    #expect(error?.cause is AWSCredentialError)
    #expect(role.asked == 3, "the first keys, none, and those for cleaning up")
    #expect(try await bench.pendingUploads().isEmpty)
    #expect(try await bench.store().list(prefix: "").isEmpty)
  }

  @Test("no keys any more: the error says so, and who has keys can end the upload")
  func failedForGood() async throws {
    let store = try store()
    let error = await #expect(throws: TokyoDataError.self) {
      try await upload(to: store) { number in
        guard number == 3 else { return }
        role.fails(.max)
        try await role.expire()
      }
    }
    #expect(error?.code == .permissionDenied)
    #expect(error?.cause is AWSCredentialError)
    #expect(try await bench.pendingUploads().count == 1, "nobody could end it")
    try await bench.store().abortUploads(prefix: "")
    #expect(try await bench.pendingUploads().isEmpty)
  }

  private func store(_ change: (inout S3ObjectStoreOptions) -> Void = { _ in }) throws -> S3ObjectStore {
    let client = AWSClient(
      settings: bench.aws.settings, credentials: CachedCredentials(role), transport: bench.aws.transport,
      time: ClientTime(clock: InstantClock()))
    var options = S3ObjectStoreOptions()
    options.partSize = Self.part.count
    change(&options)
    return try S3ObjectStore(bucket: bench.bucket, prefix: nil, client: client, options: options)
  }

  private func upload(
    to store: S3ObjectStore, _ after: (_ number: Int) async throws -> Void = { _ in }
  ) async throws {
    try await store.withUpload(to: ObjectKey("x")) { upload in
      for number in 1...Self.count {
        try await upload.write(Self.part)
        try await after(number)
      }
    }
  }

  /// The object is there with all of its bytes, and nothing beside it.
  ///
  /// - Returns: how often a part was refused.
  private func checkWhole() async throws -> Int {
    var whole = CRC32()
    let part = CRC32([Self.part[...]])
    for _ in 0..<Self.count { whole.append(part, length: Self.part.count) }
    let head = try #require(try await bench.client.head("x"))
    #expect(head.size == Self.count * Self.part.count)
    #expect(head.checksum?.text == whole.text)
    #expect(try await bench.pendingUploads().isEmpty)
    let parts = try await Laboratory.log().filter {
      $0.operation == "s3:UploadPart" && $0.target.contains(bench.bucket)
    }
    #expect(parts.count { $0.status == 200 } == Self.count, "each part arrives once")
    return parts.count { $0.status != 200 }
  }
}

/// Keys of a role, from the laboratory's STS; it can be told to give none.
private final class LaboratoryRole: AWSCredentialProvider {
  let name = "role"
  private let service: STSClient
  private let state = Mutex(State())

  private struct State {
    var asked = 0
    var failures = 0
    var last: AWSCredentials?
  }

  init(_ service: STSClient) { self.service = service }

  /// How often keys were wanted.
  var asked: Int { state.withLock { $0.asked } }

  /// Gives no keys for the next so many times.
  func fails(_ times: Int) { state.withLock { $0.failures = times } }

  /// Ends the last keys on the laboratory's side.
  func expire() async throws {
    let last = try #require(state.withLock { $0.last })
    try await Laboratory.expire(last.accessKeyID)
  }

  func credentials() async throws -> AWSCredentials {
    let isAway = state.withLock { state in
      state.asked += 1
      guard state.failures > 0 else { return false }
      state.failures -= 1
      return true
    }
    if isAway { throw AWSCredentialError(name, "the service of roles is away") }
    let keys = try await service.assumeRole(
      RoleRequest(arn: "arn:aws:iam::123456789012:role/writer", sessionName: "upload", seconds: 3_600))
    state.withLock { $0.last = keys }
    return keys
  }
}
