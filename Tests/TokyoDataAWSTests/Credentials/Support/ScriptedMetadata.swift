import Synchronization

@testable import TokyoDataAWS

/// Answers requests for keys as a test says, and remembers them.
final class ScriptedMetadata: HTTPTransport {
  struct Reply: Sendable {
    var status = 200
    var body = ""

    static func ok(_ body: String) -> Reply { Reply(body: body) }
  }

  private let requests = Mutex<[HTTPRequest]>([])
  private let answer: @Sendable (HTTPRequest, Int) async throws -> Reply

  /// - Parameter answer: Gets the request and how many came before it.
  init(_ answer: @escaping @Sendable (HTTPRequest, Int) async throws -> Reply) { self.answer = answer }

  /// Nobody listens.
  static var silence: ScriptedMetadata { ScriptedMetadata { _, _ in throw HTTPError(.connectTimeout) } }

  var seen: [HTTPRequest] { requests.withLock { $0 } }
  /// Method, origin, path and query of each request.
  var lines: [String] {
    seen.map { request in
      "\(request.method.rawValue) \(request.origin.isSecure ? "https" : "http")://\(request.origin.authority)"
        + request.path + (request.query.isEmpty ? "" : "?" + request.query)
    }
  }

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    let before = requests.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    let reply = try await answer(request, before)
    return try await consume(
      HTTPResponse(status: reply.status, headers: HTTPHeaders()), Body(Array(reply.body.utf8)))
  }

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
