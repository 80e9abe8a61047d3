internal import Synchronization
internal import TokyoDataCore

/// Credentials that are asked for once and kept until shortly before they end.
///
/// However many callers need new ones, one of them runs the refresh and the others wait for it. A caller
/// that is canceled leaves alone; the refresh goes on for the others. A refresh that fails is forgotten:
/// the next caller tries again, and as long as the old credentials have not ended they serve meanwhile.
final class CachedCredentials: AWSCredentialProvider {
  private struct State: Sendable {
    var held: Held?
    var flight: Flight?
    var lastTicket = 0
    /// No refresh ahead of need before this moment, so that a failing service is not asked with every
    /// request.
    var quietUntil: Timestamp?
  }

  private struct Held: Sendable {
    var credentials: AWSCredentials
    var window: RefreshWindow?
  }

  /// A refresh under way, and who waits for it.
  private struct Flight: Sendable {
    var waiters: [Int: CheckedContinuation<AWSCredentials, any Error>] = [:]
  }

  private let source: any AWSCredentialProvider
  private let now: @Sendable () -> Timestamp
  private let state = Mutex(State())

  /// Keeps what another provider gives.
  init(
    _ source: any AWSCredentialProvider, now: @escaping @Sendable () -> Timestamp = Timestamp.systemNow
  ) {
    self.source = source
    self.now = now
  }

  var name: String { source.name }

  /// Credentials that have not ended.
  ///
  /// - Throws: what the provider throws where there are none to serve meanwhile; `CancellationError`, which
  ///   ends only this caller's waiting.
  func credentials() async throws -> AWSCredentials {
    let now = now()
    let (ready, mayStart) = state.withLock { state -> (AWSCredentials?, Bool) in
      guard let held = state.held else { return (nil, false) }
      guard let window = held.window, now >= window.advisory else { return (held.credentials, false) }
      if now >= window.mandatory { return (nil, false) }
      let isQuiet = state.quietUntil.map { now < $0 } ?? false
      return (held.credentials, !isQuiet && state.flight == nil)
    }
    if let ready {
      if mayStart { startFlight() }
      return ready
    }
    do { return try await join() } catch let error as CancellationError { throw error } catch {
      // What waited in vain may still sign with what there is, until that ends.
      if let held = state.withLock({ $0.held }), !hasEnded(held.credentials) { return held.credentials }
      throw error
    }
  }

  /// Credentials newer than some that a service called expired or invalid.
  ///
  /// Where another caller has brought newer ones already these are returned. What comes back may be the
  /// same again: then the provider has no others.
  ///
  /// - Throws: as `credentials()`.
  func refresh(after stale: AWSCredentials) async throws -> AWSCredentials {
    let newer = state.withLock { state -> AWSCredentials? in
      guard let held = state.held, held.credentials != stale else { return nil }
      return held.credentials
    }
    if let newer, !hasEnded(newer) { return newer }
    return try await join()
  }

  // MARK: The shared refresh

  /// Waits for the refresh under way, or for one that it starts.
  private func join() async throws -> AWSCredentials {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      return state.lastTicket
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let step = state.withLock { state -> JoinStep in
          // The handler below has run, or will not find this waiter: either way it must not wait.
          if Task.isCancelled { return .leave }
          let isFirst = state.flight == nil
          state.flight = state.flight ?? Flight()
          state.flight?.waiters[ticket] = continuation
          return isFirst ? .start : .wait
        }
        switch step {
        case .leave: continuation.resume(throwing: CancellationError())
        case .start: run()
        case .wait: break
        }
      }
    } onCancel: {
      let waiter = state.withLock { $0.flight?.waiters.removeValue(forKey: ticket) }
      waiter?.resume(throwing: CancellationError())
    }
  }

  private enum JoinStep { case leave, start, wait }

  /// Starts a refresh that nobody waits for, unless one is under way.
  private func startFlight() {
    let isFirst = state.withLock { state in
      guard state.flight == nil else { return false }
      state.flight = Flight()
      return true
    }
    if isFirst { run() }
  }

  /// Runs the refresh in a task of its own: no caller's cancellation reaches it.
  private func run() {
    Task.detached { [self] in
      let result: Result<AWSCredentials, any Error>
      do { result = .success(try await fetch()) } catch { result = .failure(error) }
      for waiter in land(result) { waiter.resume(with: result) }
    }
  }

  private func fetch() async throws -> AWSCredentials {
    let credentials = try await source.credentials()
    guard !hasEnded(credentials) else {
      throw AWSCredentialError(source.name, "the credentials that came have ended already")
    }
    return credentials
  }

  /// Keeps what came, and gives those who wait for it.
  private func land(
    _ result: Result<AWSCredentials, any Error>
  ) -> [CheckedContinuation<AWSCredentials, any Error>] {
    let now = now()
    return state.withLock { state in
      let flight = state.flight
      state.flight = nil
      if case .success(let credentials) = result, credentials != state.held?.credentials {
        state.held = Held(
          credentials: credentials, window: RefreshWindow(credentials, obtained: now))
        state.quietUntil = nil
      } else {
        state.quietUntil = now.adding(microseconds: 10_000_000)
      }
      return flight.map { Array($0.waiters.values) } ?? []
    }
  }

  /// How many callers wait for a refresh.
  var waiting: Int { state.withLock { $0.flight?.waiters.count ?? 0 } }
  /// A refresh is under way.
  var isRefreshing: Bool { state.withLock { $0.flight != nil } }

  private func hasEnded(_ credentials: AWSCredentials) -> Bool {
    credentials.expiration.map { $0 <= now() } ?? false
  }
}
