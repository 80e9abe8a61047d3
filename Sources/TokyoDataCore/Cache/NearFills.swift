internal import Synchronization

/// Who is about to put something near, key by key, and whether a write has come between.
///
/// A reader may fetch an old value far, a writer replace it, and the reader then put the old one near, where it
/// would stay. So whoever brings something begins a fill, every write interrupts the fills of its keys, and
/// near changes only under this lock, for keys whose fill was not interrupted.
final class NearFills: Sendable {
  /// A fill under way.
  struct ID: Hashable, Sendable {
    fileprivate let number: UInt64
  }

  private struct State: Sendable {
    var last: UInt64 = 0
    /// The fills of each key that were not interrupted.
    var current: [CacheKey: Set<UInt64>] = [:]
  }

  private let state = Mutex(State())

  func begin(_ keys: [CacheKey]) -> ID {
    state.withLock { state in
      state.last += 1
      for key in keys { state.current[key, default: []].insert(state.last) }
      return ID(number: state.last)
    }
  }

  /// Interrupts every fill of the keys.
  func interrupt(_ keys: [CacheKey]) {
    state.withLock { state in for key in keys { state.current[key] = nil } }
  }

  /// Runs `body` while no fill begins, is interrupted or ends; it is told which keys' fill still is current.
  func withCurrent(
    _ id: ID, among keys: [CacheKey], interruptingOthers: Bool = false,
    _ body: ((CacheKey) -> Bool) throws -> Void
  ) rethrows {
    try state.withLock { state in
      let current = Set(keys.filter { state.current[$0]?.contains(id.number) == true })
      if interruptingOthers { for key in keys { state.current[key] = nil } }
      try body(current.contains)
    }
  }

  /// Ends a fill of all its keys.
  func end(_ id: ID, of keys: [CacheKey]) {
    state.withLock { state in
      for key in keys {
        guard state.current[key]?.remove(id.number) != nil else { continue }
        if state.current[key]?.isEmpty == true { state.current[key] = nil }
      }
    }
  }
}
