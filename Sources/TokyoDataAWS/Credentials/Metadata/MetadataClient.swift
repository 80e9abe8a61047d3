/// Asks the small services that hand out keys: metadata of containers and instances, single sign-on.
struct MetadataClient: Sendable {
  let transport: any HTTPTransport
  let clock: any Clock<Duration>
  /// For connecting, for silence and in all.
  var timeout: Duration = .seconds(2)
  var attempts = 1
  /// Between two tries.
  var pause: Duration = .seconds(1)

  struct Answer: Sendable {
    var status: Int
    var body: [UInt8]
  }

  /// Keys and tokens have a few kilobytes.
  private static let limit = 1 << 18

  /// Sends a request, again after no answer or one that `isGood` does not take; the last answer is returned,
  /// good or not.
  ///
  /// - Throws: `HTTPError` where the last try had no answer; `CancellationError`.
  func send(
    _ request: HTTPRequest, until isGood: (Answer) -> Bool = { $0.status < 500 }
  ) async throws -> Answer {
    var tries = 1
    while true {
      do {
        let answer = try await once(request)
        if isGood(answer) || tries >= attempts { return answer }
      } catch let error as HTTPError {
        if tries >= attempts { throw error }
      }
      tries += 1
      try await clock.sleep(for: pause)
    }
  }

  private func once(_ request: HTTPRequest) async throws -> Answer {
    let limits = HTTPLimits(connect: timeout, idle: timeout, total: timeout)
    return try await transport.send(request, within: limits) { response, body in
      Answer(status: response.status, body: try await body.collect(upTo: Self.limit))
    }
  }
}

extension HTTPRequest {
  /// A request to a URL of configuration.
  init(_ method: HTTPMethod, _ url: MetadataURL, headers: HTTPHeaders = HTTPHeaders()) {
    self.init(method: method, origin: url.origin, path: url.path, query: url.query, headers: headers)
    // Without TLS these are this machine and what is next to it: a proxy would see the keys.
    bypassesProxy = !url.origin.isSecure
  }
}
