@testable import TokyoDataAWS

extension HTTPRequest {
  /// A request to a server of this machine.
  static func to(
    _ server: ScriptedServer, _ method: HTTPMethod = .get, _ path: String = "/", isSecure: Bool = false,
    _ body: HTTPRequestBody = .none
  ) -> HTTPRequest {
    HTTPRequest(
      method: method, origin: HTTPOrigin(isSecure: isSecure, host: "127.0.0.1", port: server.port),
      path: path,
      body: body)
  }
}

extension HTTPTransport {
  /// Status and body of an answer, read whole.
  func fetch(
    _ request: HTTPRequest, within limits: HTTPLimits = HTTPLimits()
  ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
    try await send(request, within: limits) { response, body in
      (response.status, response.headers, try await body.collect(upTo: 1 << 30))
    }
  }

  /// The code of the error that a request ends in.
  func failure(
    of request: HTTPRequest, within limits: HTTPLimits = HTTPLimits()
  ) async throws -> HTTPError.Code? {
    do {
      _ = try await fetch(request, within: limits)
      return nil
    } catch let error as HTTPError {
      return error.code
    }
  }
}

extension HTTPRequestBody {
  static func text(_ text: String) -> HTTPRequestBody { .bytes([Array(text.utf8)[...]]) }
}

extension CurlConfiguration {
  /// For tests on this machine: whatever proxies the environment names.
  static var direct: CurlConfiguration {
    var configuration = CurlConfiguration()
    configuration.proxy = .direct
    return configuration
  }

  /// Waits long for a server that is asked whether it wants a body.
  static var patient: CurlConfiguration {
    var configuration = CurlConfiguration.direct
    configuration.expectation = .seconds(30)
    return configuration
  }
}
