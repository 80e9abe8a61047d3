internal import Synchronization
internal import TokyoDataCore

/// Lets one look for versions serve everybody who needs one of them meanwhile.
final class VersionLooks: Sendable {
  /// How a look ended, whoever made it.
  enum End: Sendable { case found, failed, canceled }

  private typealias Waiter = CheckedContinuation<End, any Error>

  private struct Look {
    let versions: Set<VersionID>
    var waiters: [Int: Waiter] = [:]
  }

  private struct State {
    var looks: [Int: Look] = [:]
    var last = 0

    mutating func number() -> Int {
      last += 1
      return last
    }
  }

  private let state = Mutex(State())

  /// Waits for a look under way that has one of the versions, or makes one.
  ///
  /// A caller that is canceled leaves alone. One whose look is canceled lets those who wait for it make another.
  ///
  /// - Parameters:
  ///   - versions: What is looked for.
  ///   - joins: Whether another's look will do.
  ///   - look: Looks for all of them.
  /// - Throws: what `look` throws; `CancellationError`.
  func run(
    for versions: Set<VersionID>, joins: Bool, _ look: () async throws -> Void
  ) async throws -> End {
    let (number, isOwn) = state.withLock { state in
      if joins, let look = state.looks.first(where: { !$0.value.versions.isDisjoint(with: versions) }) {
        return (look.key, false)
      }
      let number = state.number()
      state.looks[number] = Look(versions: versions)
      return (number, true)
    }
    guard isOwn else { return try await end(of: number) }
    do {
      try await look()
      finish(number, .found)
      return .found
    } catch {
      finish(number, error is CancellationError || Task.isCancelled ? .canceled : .failed)
      throw error
    }
  }

  /// How many wait for looks of others.
  var waiting: Int { state.withLock { $0.looks.values.reduce(0) { $0 + $1.waiters.count } } }

  private func finish(_ number: Int, _ end: End) {
    let look = state.withLock { $0.looks.removeValue(forKey: number) }
    for waiter in look?.waiters.values ?? [:].values { waiter.resume(returning: end) }
  }

  private func end(of look: Int) async throws -> End {
    let ticket = state.withLock { $0.number() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (waiter: Waiter) in
        let result = state.withLock { state -> Result<End, any Error>? in
          // The handler below has run, or will not find this waiter: either way it must not wait.
          if Task.isCancelled { return .failure(CancellationError()) }
          // It has ended meanwhile, in whatever way: whoever asks finds out.
          guard state.looks[look] != nil else { return .success(.canceled) }
          state.looks[look]?.waiters[ticket] = waiter
          return nil
        }
        if let result { waiter.resume(with: result) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.looks[look]?.waiters.removeValue(forKey: ticket) }
      waiter?.resume(throwing: CancellationError())
    }
  }
}
