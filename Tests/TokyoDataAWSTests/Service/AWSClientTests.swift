import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("The client")
struct AWSClientTests {
  private static let get = AWSOperation(.s3, "GetObject")
  private static let once = AWSOperation(.s3, "CreateMultipartUpload", .never)
  private let pauses = NotedPauses()

  private func client(
    _ transport: ScriptedTransport, attempts: Int = 3, credentials: (any AWSCredentialProvider)? = nil,
    at time: String = "2026-11-26T02:00:00Z", custom: String? = nil
  ) throws -> AWSClient {
    var settings = AWSSettings(region: "eu-west-1")
    settings.maximumAttempts = attempts
    if let custom { settings.endpoints.custom = [.s3: try #require(EndpointURL(custom))] }
    let now = try #require(Timestamp(time))
    return AWSClient(
      settings: settings, credentials: credentials ?? TurningCredentials("first"), transport: transport,
      time: ClientTime(clock: pauses, now: { now }, random: { 0.5 }))
  }

  private func call(_ operation: AWSOperation = get) -> AWSCall {
    var call = AWSCall(operation)
    call.method = .get
    call.bucket = "lake"
    call.path = "/a//../b c+é"
    call.query = [("list-type", "2"), ("uploads", nil)]
    return call
  }

  private func text(_ answer: AWSAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

  @Test("A request goes to the bucket's host with its key as it is, and is signed")
  func request() async throws {
    let transport = ScriptedTransport(.ok)
    #expect(try await text(client(transport).send(call())) == "done")
    let request = try #require(transport.seen.first)
    #expect(request.origin == HTTPOrigin(isSecure: true, host: "lake.s3.eu-west-1.amazonaws.com"))
    #expect(request.path == "/a//../b%20c%2B%C3%A9" && request.query == "list-type=2&uploads")
    #expect(
      request.headers["authorization"]?.hasPrefix(
        "AWS4-HMAC-SHA256 Credential=first/20261126/eu-west-1/s3/aws4_request, "
          + "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;host;x-amz-content-sha256;x-amz-date;"
          + "x-amz-security-token, Signature=") == true)
    #expect(request.headers["x-amz-security-token"] == "token-first")
    #expect(request.headers["user-agent"] == "tokyo-data")
  }

  @Test("Without the need for keys nothing is signed")
  func unsigned() async throws {
    let transport = ScriptedTransport(.ok)
    var call = AWSCall(AWSOperation(.sts, "AssumeRoleWithWebIdentity"))
    call.isSigned = false
    _ = try await client(transport, credentials: FailingCredentials()).send(call)
    #expect(transport.headers("authorization") == [nil])
    #expect(transport.seen.first?.path == "/")
  }

  private struct FailingCredentials: AWSCredentialProvider {
    let name = "none"
    func credentials() async throws -> AWSCredentials { throw AWSCredentialError("none", "there are none") }
  }

  @Test("Missing keys are the caller's error, and nothing is sent")
  func missingKeys() async throws {
    let transport = ScriptedTransport(.ok)
    let client = try client(transport, credentials: FailingCredentials())
    await #expect(throws: AWSCredentialError.self) { try await client.send(call()) }
    #expect(transport.seen.isEmpty)
  }

  @Test("A bucket of a custom endpoint stands in the path, without a slash behind it")
  func pathStyle() async throws {
    let transport = ScriptedTransport(.ok, .ok)
    let client = try client(transport, custom: "http://127.0.0.1:9000")
    var call = call()
    _ = try await client.send(call)
    call.path = "/"
    _ = try await client.send(call)
    #expect(transport.seen.map(\.path) == ["/lake/a//../b%20c%2B%C3%A9", "/lake"])
    #expect(transport.seen.map(\.origin.authority) == ["127.0.0.1:9000", "127.0.0.1:9000"])
  }

  @Test("What stands for the body: its hash, or over TLS nothing where the call asks for that")
  func payloads() async throws {
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    var call = call()
    call.body = .bytes([Array("a".utf8)[...], Array("bc".utf8)[...]])
    for (payload, secure, plain) in [
      (AWSCall.PayloadSigning.signed, hash, hash), (.unsigned, "UNSIGNED-PAYLOAD", hash),
      (.hash("given"), "given", "given"),
      (.unsignedWithTrailer, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    ] {
      call.payload = payload
      let transport = ScriptedTransport(.ok, .ok)
      _ = try await client(transport).send(call)
      _ = try await client(transport, custom: "http://127.0.0.1").send(call)
      #expect(transport.headers("x-amz-content-sha256") == [secure, plain])
    }
    var glue = AWSCall(AWSOperation(.glue, "GetTable"))
    glue.payload = .unsigned
    let transport = ScriptedTransport(.ok)
    _ = try await client(transport).send(glue)
    #expect(transport.headers("x-amz-content-sha256") == [nil])
  }

  @Test("A failure that may pass is tried again after a pause, signed anew, with the number of the try")
  func retries() async throws {
    let transport = ScriptedTransport(
      .answer(503, [], "<Error><Code>SlowDown</Code></Error>"), .failure(.connectionLost), .ok)
    #expect(try await text(client(transport).send(call())) == "done")
    #expect(
      transport.headers("amz-sdk-request") == ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"])
    #expect(Set(transport.headers("amz-sdk-invocation-id")).count == 1)
    #expect(Set(transport.headers("authorization")).count == 3)
    #expect(pauses.pauses == [.milliseconds(500), .seconds(1)])
  }

  @Test("After the last try the error says what it was, and how often it was sent")
  func exhausted() async throws {
    let transport = ScriptedTransport(
      .answer(500), .answer(500),
      .answer(
        500, [("x-amz-request-id", "R3")],
        "<Error><Code>InternalError</Code><Message>lake/key</Message></Error>"))
    let error = await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    #expect(
      error
        == AWSServiceError(
          service: "s3", operation: "GetObject", code: "InternalError", status: 500, requestID: "R3",
          message: "lake/key", attempts: 3))
    #expect(error.map { "\($0)" } == "s3 GetObject: InternalError (500, request R3)")
    #expect(transport.seen.count == 3)
  }

  @Test("A refusal that would come again is not tried again")
  func refused() async throws {
    let transport = ScriptedTransport(.answer(404, [], "<Error><Code>NoSuchKey</Code></Error>"), .ok)
    let error = await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    #expect(error?.code == "NoSuchKey" && error?.attempts == 1)
    #expect(transport.seen.count == 1)
  }

  @Test("A body that breaks off is read again from the beginning")
  func brokenBody() async throws {
    let transport = ScriptedTransport(.broken("half"), .ok)
    #expect(try await text(client(transport).send(call())) == "done")
  }

  @Test("An error in a good answer is tried again, if its reader says that it is one")
  func errorInAnswer() async throws {
    let transport = ScriptedTransport(.ok, .ok)
    let tries = Mutex(0)
    let result = try await client(transport).send(call()) { _, _ in
      let number = tries.withLock { tries in
        tries += 1
        return tries
      }
      if number == 1 {
        throw AWSServiceError(service: "s3", operation: "CopyObject", code: "InternalError", status: 500)
      }
      return number
    }
    #expect(result == 2)
  }

  @Test("What the reader of an answer throws for reasons of its own is thrown on at once")
  func readersError() async throws {
    struct Own: Error {}
    let transport = ScriptedTransport(.ok, .ok)
    await #expect(throws: Own.self) { try await client(transport).send(call()) { _, _ in throw Own() } }
    #expect(transport.seen.count == 1)
  }

  @Test("What must not be done twice is sent again only where it cannot have been done")
  func neverTwice() async throws {
    for reply in [ScriptedTransport.Reply.answer(500), .failure(.connectionLost), .failure(.idleTimeout)] {
      let transport = ScriptedTransport(reply, .ok)
      await #expect(throws: (any Error).self) { try await client(transport).send(call(Self.once)) }
      #expect(transport.seen.count == 1)
      #expect(transport.seen.first?.isResendable == false)
    }
    for reply in [
      ScriptedTransport.Reply.failure(.cannotConnect),
      .answer(503, [], "<Error><Code>SlowDown</Code></Error>"),
    ] {
      let transport = ScriptedTransport(reply, .ok)
      #expect(try await text(client(transport).send(call(Self.once))) == "done")
    }
  }

  @Test(
    "The transport sends again by itself only what is harmless: of all else the client knows each try",
    arguments: [
      (AWSOperation.getTable, true), (.createWorkGroup, false), (.putMetricData, false),
    ])
  func resendable(_ operation: AWSOperation, _ expected: Bool) async throws {
    let transport = ScriptedTransport(.ok)
    _ = try await client(transport).send(AWSCall(operation))
    #expect(transport.seen.map(\.isResendable) == [expected])
  }

  @Test("A body that comes once is sent again only while nothing was taken from it")
  func streams() async throws {
    var call = call()
    call.body = .stream(length: 4) { Array("body".utf8) }
    let taken = ScriptedTransport(.failure(.connectionLost), .ok)
    await #expect(throws: HTTPError.self) { try await client(taken).send(call) }
    let untouched = ScriptedTransport(.failure(.cannotConnect), .ok, takingBodies: false)
    #expect(try await text(client(untouched).send(call)) == "done")
  }

  @Test("A quota that is used up ends the tries, and what succeeds fills it again")
  func quota() async throws {
    let transport = ScriptedTransport()
    let client = try client(transport)
    for _ in 0..<50 { _ = try? await client.send(call()) }
    // 599 is no status that passes, so that nothing was taken.
    #expect(transport.seen.count == 50)
    let down = FailingTransport()
    let other = AWSClient(
      settings: client.settings, credentials: client.credentials, transport: down, time: client.time)
    for _ in 0..<60 { _ = try? await other.send(call()) }
    // 500 buys 100 retries of 5.
    #expect(down.count == 160)
  }

  private final class FailingTransport: HTTPTransport {
    private let requests = Mutex(0)
    var count: Int { requests.withLock { $0 } }
    func send<Result>(
      _ request: HTTPRequest, within limits: HTTPLimits,
      _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
    ) async throws -> Result {
      requests.withLock { $0 += 1 }
      throw HTTPError(.connectionLost)
    }
  }

  @Test("A canceled task sends nothing more")
  func cancellation() async throws {
    let transport = ScriptedTransport(.answer(500), .ok)
    let client = try client(transport)
    let call = call()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.send(call)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(transport.seen.isEmpty)
  }
}
