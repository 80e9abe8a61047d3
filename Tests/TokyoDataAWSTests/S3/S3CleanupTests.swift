import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("S3Client, cleaning up")
struct S3CleanupTests {
  private static let id = "upload-1"
  private static let uploads =
    "<ListMultipartUploadsResult><Upload><Key>x</Key><UploadId>\(id)</UploadId></Upload>"
    + "</ListMultipartUploadsResult>"
  private static let noUpload = "<Error><Code>NoSuchUpload</Code></Error>"

  private func client(_ transport: any HTTPTransport) -> S3Client {
    S3Client(client: .standIn(transport), bucket: "lake")
  }

  @Test("an upload whose parts cannot be looked at is ended once more")
  func unseenParts() async {
    let transport = ScriptedTransport(
      .answer(204), .answer(403, [], "<Error><Code>AccessDenied</Code></Error>"), .answer(204),
      .answer(404, [], Self.noUpload))
    await client(transport).abort(Self.id, of: "x")
    #expect(transport.seen.map(\.method) == [.delete, .get, .delete, .get])
  }

  @Test("whoever is canceled while uploads are ended does not hear that they are")
  func canceledAborts() async throws {
    let isListed = Mutex(false)
    let service = ServiceStandIn { _ in
      let isAbort = isListed.withLock { isListed in
        defer { isListed = true }
        return isListed
      }
      guard isAbort else { return .init(Self.uploads) }
      withUnsafeCurrentTask { $0?.cancel() }
      throw CancellationError()
    }
    let store = try S3ObjectStore(
      bucket: "lake", prefix: nil, client: service.client, options: S3ObjectStoreOptions())
    await #expect(throws: CancellationError.self) {
      try await Task { try await store.abortUploads(prefix: "") }.value
    }
  }

  @Test("whoever is canceled while an upload begins waits for its id, and need not look for it")
  func canceledBeginning() async throws {
    let service = ServiceStandIn { _ in
      .init("<InitiateMultipartUploadResult><UploadId>\(Self.id)</UploadId></InitiateMultipartUploadResult>")
    }
    let gate = CallGate { $0.method == .post }
    let clock = ManualClock(.systemNow())
    let standing = AWSClient(
      settings: service.client.settings, credentials: FixedCredentials(), transport: service,
      time: ClientTime(clock: clock))
    let begin = Task { [client = S3Client(client: standing.through(gate), bucket: "lake")] in
      try await client.createUpload("x", mark: WriteMark())
    }
    await gate.reached(1)
    begin.cancel()
    gate.open()
    // Who looks for what may have begun waits between his looks.
    let pulse = Task {
      while !Task.isCancelled {
        clock.advance(by: .milliseconds(1))
        await Task.yield()
      }
    }
    defer { pulse.cancel() }
    #expect(try await begin.value == Self.id)
    #expect(service.calls.count == 1)
  }

  @Test("an upload whose beginning nobody heard of is ended though the look for it takes long")
  func slowLook() async throws {
    let clock = ManualClock(.systemNow())
    let script = ScriptedTransport(
      .failure(.connectionLost),
      .answer(
        200, [("date", "Thu, 26 Nov 2026 21:00:05 GMT")],
        "<ListMultipartUploadsResult><Upload><Key>x</Key><UploadId>\(Self.id)</UploadId>"
          + "<Initiated>2026-11-26T21:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>"),
      .answer(204), .answer(404, [], Self.noUpload),
      .answer(
        200, [],
        "<InitiateMultipartUploadResult><UploadId>upload-2</UploadId></InitiateMultipartUploadResult>"))
    let aws = AWSClient(
      settings: AWSSettings(region: "ap-northeast-1"), credentials: FixedCredentials(),
      transport: SlowLooks(script: script, clock: clock), time: ClientTime(clock: clock))
    let id = try await S3Client(client: aws, bucket: "lake").createUpload("x", mark: WriteMark())
    #expect(id == "upload-2")
    #expect(script.seen.map(\.method) == [.post, .get, .delete, .get, .post])
  }

  @Test("an answer to a part that breaks off does not count, though its head was good")
  func brokenReceipt() async throws {
    let requests = Atomic(0)
    try await withServer { peer in
      while true {
        _ = try peer.requestWithBody()
        let isFirst = requests.add(1, ordering: .relaxed).newValue == 1
        let length = isFirst ? 9 : 0
        try peer.send("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: \(length)\r\n\r\n")
        if isFirst { return try peer.send("<Err") }
      }
    } _: { server in
      let aws = try Laboratory.client(at: "http://127.0.0.1:\(server.port)")
      let part = try await S3Client(client: aws, bucket: "lake")
        .uploadPart([[1, 2, 3]], number: 1, of: Self.id, to: "x")
      #expect(part.etag == "\"1\"")
      #expect(requests.load(ordering: .relaxed) == 2)
    }
  }
}

/// Answers by a script, to a GET after five seconds.
private struct SlowLooks: HTTPTransport {
  let script: ScriptedTransport
  let clock: ManualClock

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    if request.method == .get { clock.advance(by: .seconds(5)) }
    return try await script.send(request, within: limits, consume)
  }
}
