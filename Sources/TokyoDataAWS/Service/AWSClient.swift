internal import TokyoDataCore

/// Signs calls, sends them, and sends them again where that may help.
struct AWSClient: Sendable {
  let settings: AWSSettings
  let credentials: any AWSCredentialProvider
  let transport: any HTTPTransport
  let time: ClientTime
  let state: ClientState

  init(
    settings: AWSSettings, credentials: any AWSCredentialProvider, transport: any HTTPTransport,
    time: ClientTime = ClientTime(), metrics: ClientMetrics = ClientMetrics()
  ) {
    self.settings = settings
    self.credentials = credentials
    self.transport = transport
    self.time = time
    state = ClientState(metrics)
  }

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
  /// `consume` runs again, from the beginning, when a transfer breaks off and the call is tried again. To
  /// have that done it throws `HTTPError` for an answer that is not what it should be, or `AWSServiceError`
  /// for a refusal that it found in the body of an answer with status 200.
  func send<Result>(
    _ call: AWSCall, _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    var signals = CallSignals(call.operation, state.metrics, time)
    do {
      let result = try await deliver(call, &signals, consume)
      signals.finish()
      return result
    } catch {
      signals.fail(error)
      throw error
    }
  }

  private func deliver<Result>(
    _ call: AWSCall, _ signals: inout CallSignals,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    let prepared = PreparedCall(call)
    let quota = state.quota(call.operation.service)
    var retries = RetryState(call.operation, maximumAttempts: settings.maximumAttempts)
    var attempt = Attempt()
    while true {
      try Task.checkCancellation()
      let failure: CallFailure
      let reason: any Error
      do {
        let result = try await self.try(prepared, &retries, &attempt, &signals, consume)
        retries.finish(quota)
        return result
      } catch let refusal as ServiceRefusal {
        failure = CallFailure(refusal, of: call.operation, region: attempt.region)
        var error = refusal.error
        error.attempts = retries.sent
        attempt.serverDate = refusal.headers["date"].flatMap(HTTPDate.timestamp)
        reason = error
      } catch let error as HTTPError {
        failure = CallFailure(error)
        reason = error
      }
      signals.noteFailure(failure)
      let step = retries.step(
        after: failure, canReplay: prepared.canReplay, quota: quota, random: time.random())
      switch step {
      case .stop:
        throw reason
      case .again(let seconds):
        signals.noteRetry(after: reason, pause: seconds)
        if seconds > 0 { try await time.clock.sleep(for: .seconds(seconds)) }
      case .correct:
        guard try await correct(failure, call, &attempt) else { throw reason }
        signals.noteRetry(after: reason, pause: 0)
      }
    }
  }

  /// What is known of the last try.
  private struct Attempt {
    var host = ""
    var region = ""
    var credentials: AWSCredentials?
    /// Keys that came instead of those that were refused.
    var newCredentials: AWSCredentials?
    var serverDate: Timestamp?
    /// The time in its signature.
    var signedAt: Timestamp?
  }

  private func `try`<Result>(
    _ prepared: PreparedCall, _ retries: inout RetryState, _ attempt: inout Attempt,
    _ signals: inout CallSignals,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    let call = prepared.call
    attempt.region = region(of: call)
    let endpoint = try self.endpoint(of: call, in: attempt.region)
    attempt.host = endpoint.origin.host
    var request = prepared.request(
      to: endpoint, userAgent: settings.userAgent, attempt: retries.attempt, of: settings.maximumAttempts)
    if call.isSigned {
      let keys: AWSCredentials
      if let new = attempt.newCredentials { keys = new } else { keys = try await credentials.credentials() }
      attempt.credentials = keys
      let now = state.skew.time(at: attempt.host, time.now())
      attempt.signedAt = now
      sign(&request, prepared, endpoint, keys, at: now)
    }
    retries.send()
    signals.noteSent()
    let operation = call.operation
    return try await transport.send(request, within: settings.limits) { response, body in
      guard (200..<300).contains(response.status) else {
        throw ServiceRefusal(response, try await Self.refusal(body), of: operation)
      }
      do { return try await consume(response, body) } catch let error as AWSServiceError {
        throw ServiceRefusal(error: error, headers: response.headers)
      }
    }
  }

  /// The bucket's region, as far as it is known to be another than ours.
  func region(of call: AWSCall) -> String {
    call.bucket.flatMap { state.regions[$0] } ?? settings.region
  }

  func endpoint(of call: AWSCall, in region: String) throws -> Endpoint {
    try EndpointRules(settings.endpoints)
      .endpoint(call.operation.service, region: region, bucket: call.bucket)
  }

  private func sign(
    _ request: inout HTTPRequest, _ prepared: PreparedCall, _ endpoint: Endpoint, _ keys: AWSCredentials,
    at time: Timestamp
  ) {
    let service = prepared.call.operation.service
    var form = RequestSigner.Form(
      region: endpoint.region, service: service.signingName, time: time)
    form.path = service == .s3 ? .asSent : .normalized
    form.payload = prepared.digest(isSecure: endpoint.origin.isSecure)
    form.showsPayload = service == .s3
    state.signer.sign(&request, as: form, with: keys)
  }

  /// Puts right what a refusal was about.
  ///
  /// - Returns: false where there is nothing to put right, so that the refusal stands.
  private func correct(
    _ failure: CallFailure, _ call: AWSCall, _ attempt: inout Attempt
  ) async throws -> Bool {
    switch failure.kind {
    case .clock(let definite):
      guard let date = attempt.serverDate, let signedAt = attempt.signedAt else { return false }
      return state.skew.learn(
        host: attempt.host, date: date, now: time.now(), signedAt: signedAt, definite: definite)
    case .credentials:
      guard let stale = attempt.credentials, let provider = credentials as? any RefreshableCredentials else {
        return false
      }
      let new = try await provider.refresh(after: stale)
      attempt.newCredentials = new
      return new != stale
    case .moved(let region):
      guard let bucket = call.bucket else { return false }
      state.regions.set(region, of: bucket)
      return true
    case .transient, .timeout, .throttled, .final:
      return false
    }
  }

  /// The body of a refusal, as far as it matters; one that is too long says nothing.
  private static func refusal(_ body: any HTTPResponseBody) async throws -> [UInt8] {
    do { return try await body.collect(upTo: 1 << 20) } catch let error as HTTPError {
      guard error.code == .bodyTooLarge else { throw error }
      return []
    }
  }
}
