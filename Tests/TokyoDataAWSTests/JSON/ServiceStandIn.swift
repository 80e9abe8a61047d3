import Foundation
import Synchronization
import TokyoDataCore

@testable import TokyoDataAWS

/// A transport that stands in for a service that speaks JSON, and notes what it was asked.
final class ServiceStandIn: HTTPTransport {
  struct Call: Sendable {
    var operation: String
    var headers: HTTPHeaders
    var body: [UInt8]

    /// The document as it went onto the wire.
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  struct Answer: Sendable {
    var status = 200
    var body: [UInt8]

    init(_ text: String, status: Int = 200) {
      self.status = status
      body = Array(text.utf8)
    }

    static func error(_ code: String, status: Int = 400) -> Answer {
      Answer(#"{"__type": "com.amazonaws#\#(code)", "Message": "told by a stand-in"}"#, status: status)
    }
  }

  private let noted = Mutex<[Call]>([])
  private let answer: @Sendable (Call) throws -> Answer

  init(_ answer: @escaping @Sendable (Call) throws -> Answer) { self.answer = answer }

  /// Answers each operation with a text of its own.
  convenience init(_ answers: [String: String]) {
    self.init { call in Answer(answers[call.operation] ?? "{}") }
  }

  var calls: [Call] { noted.withLock { $0 } }

  func calls(of operation: String) -> [Call] { calls.filter { $0.operation == operation } }

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    var body: [UInt8] = []
    if case .bytes(let pieces) = request.body { body = pieces.flatMap(\.self) }
    let target = request.headers["x-amz-target"] ?? ""
    let call = Call(
      operation: String(target.split(separator: ".").last ?? ""), headers: request.headers, body: body)
    noted.withLock { $0.append(call) }
    let answer = try answer(call)
    var headers = HTTPHeaders()
    headers["content-type"] = "application/x-amz-json-1.1"
    return try await consume(HTTPResponse(status: answer.status, headers: headers), Body(answer.body))
  }

  /// A client that asks this stand-in.
  var client: AWSClient { .standIn(self) }

  private final class Body: HTTPResponseBody {
    private let rest: Mutex<[UInt8]?>

    init(_ bytes: [UInt8]) { rest = Mutex(bytes) }

    func next() async throws -> [UInt8]? {
      rest.withLock { rest in
        defer { rest = nil }
        return rest
      }
    }
  }
}

extension AWSClient {
  static func standIn(_ transport: any HTTPTransport) -> AWSClient {
    AWSClient(
      settings: AWSSettings(region: "ap-northeast-1"), credentials: FixedCredentials(),
      transport: transport, time: ClientTime(clock: HurriedClock()))
  }
}

/// Keys that do not change; those of the stand-in open nothing.
struct FixedCredentials: AWSCredentialProvider {
  let name = "fixed"
  var keys = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")

  func credentials() async throws -> AWSCredentials { keys }
}
