internal import TokyoDataCore

/// Signs calls, sends them, and sends them again where that may help.
struct AWSClient: Sendable {
  let settings: AWSSettings
  let credentials: any AWSCredentialProvider
  let transport: any HTTPTransport

  /// Sends a call and reads its answer whole.
  ///
  /// - Throws: `AWSServiceError` for what the service refused, `HTTPError` where there was no answer,
  ///   `AWSCredentialError`, `CancellationError`; after the last try.
  func send(_ call: AWSCall, upTo limit: Int = 64 << 20) async throws -> AWSAnswer {
    try await send(call) { response, body in
      AWSAnswer(
        status: response.status, headers: response.headers, body: try await body.collect(upTo: limit))
    }
  }

  /// Sends a call and hands its successful answer on while it comes in.
  ///
  /// `consume` runs again, from the beginning, when a transfer breaks off and the call is tried again; it
  /// throws an error that says so (see `isRetryable`) to have that done.
  func send<Result>(
    _ call: AWSCall, _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    throw TokyoDataError(.unsupported, "not yet")
  }
}
