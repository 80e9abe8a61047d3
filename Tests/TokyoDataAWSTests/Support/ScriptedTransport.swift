import Synchronization

@testable import TokyoDataAWS

/// Answers requests one after the other, as a test says, and remembers them.
final class ScriptedTransport: HTTPTransport {
  enum Reply: Sendable {
    case answer(Int, [(String, String)] = [], String = "")
    case failure(HTTPError.Code)
    /// A good answer whose body breaks off.
    case broken(String)

    static var ok: Reply { .answer(200, [], "done") }
  }

  private let replies: Mutex<[Reply]>
  private let requests = Mutex<[HTTPRequest]>([])
  /// Bytes that are taken from a body before the answer.
  private let takes: Bool

  convenience init(_ replies: Reply..., takingBodies takes: Bool = true) {
    self.init(scripted: replies, takingBodies: takes)
  }

  init(scripted replies: [Reply], takingBodies takes: Bool = true) {
    self.replies = Mutex(replies)
    self.takes = takes
  }

  var seen: [HTTPRequest] { requests.withLock { $0 } }

  /// What was said in a header of each request.
  func headers(_ name: String) -> [String?] { seen.map { $0.headers[name] } }

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    requests.withLock { $0.append(request) }
    if takes, case .stream(_, let next) = request.body { _ = try await next() }
    let reply = replies.withLock { $0.isEmpty ? Reply.answer(599) : $0.removeFirst() }
    switch reply {
    case .failure(let code):
      throw HTTPError(code)
    case .answer(let status, let headers, let text):
      return try await consume(Self.head(status, headers), Body(text, breaks: false))
    case .broken(let text):
      return try await consume(Self.head(200, []), Body(text, breaks: true))
    }
  }

  private static func head(_ status: Int, _ fields: [(String, String)]) -> HTTPResponse {
    var headers = HTTPHeaders()
    for (name, value) in fields { headers.add(name, value) }
    return HTTPResponse(status: status, headers: headers)
  }

  private final class Body: HTTPResponseBody {
    private let rest: Mutex<[UInt8]?>
    private let breaks: Bool

    init(_ text: String, breaks: Bool) {
      rest = Mutex(text.isEmpty ? nil : Array(text.utf8))
      self.breaks = breaks
    }

    func next() async throws -> [UInt8]? {
      let piece = rest.withLock { rest in
        defer { rest = nil }
        return rest
      }
      if piece == nil, breaks { throw HTTPError(.connectionLost) }
      return piece
    }
  }
}

/// Pauses that end at once, and how long they would have been.
final class NotedPauses: Clock {
  typealias Instant = ContinuousClock.Instant
  typealias Duration = Swift.Duration

  private let noted = Mutex<[Duration]>([])
  private let origin = ContinuousClock.now

  var pauses: [Duration] { noted.withLock { $0 } }
  var now: Instant { origin }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    noted.withLock { $0.append(origin.duration(to: deadline)) }
  }
}

/// Keys that another set follows when they are called stale.
final class TurningCredentials: RefreshableCredentials {
  let name = "turning"
  private let sets: [AWSCredentials]
  private let state = Mutex((index: 0, refreshes: 0))

  init(_ ids: String...) {
    sets = ids.map { AWSCredentials(accessKeyID: $0, secretAccessKey: "secret", sessionToken: "token-\($0)") }
  }

  var refreshes: Int { state.withLock { $0.refreshes } }

  func credentials() async throws -> AWSCredentials { state.withLock { sets[$0.index] } }

  func refresh(after stale: AWSCredentials) async throws -> AWSCredentials {
    state.withLock { state in
      state.refreshes += 1
      if sets[state.index] == stale, state.index + 1 < sets.count { state.index += 1 }
      return sets[state.index]
    }
  }
}
