internal import Synchronization

/// How fast calls of one kind may follow each other, as the service's own refusals teach.
///
/// The quotas of an account are nobody's to know: they differ, and other programs use them too. So calls go
/// freely until one is refused; from then on they keep a distance, which grows with every refusal and shrinks
/// with every success.
final class CallPace: Sendable {
  private struct State {
    var distance: Duration = .zero
    /// When the next call may go.
    var next: Duration = .zero
    /// Until when further refusals are answers to calls that were under way already.
    var settling: Duration = .zero
  }

  private let state = Mutex(State())
  private let clock: WaitingClock

  /// The distance after the first refusal: that of Athena's usual quota, twenty calls in a second.
  static let first: Duration = .milliseconds(50)
  static let longest: Duration = .seconds(2)

  init(clock: WaitingClock) { self.clock = clock }

  /// Takes the next turn: when the call may go.
  func turn() -> Duration {
    let now = clock.now()
    return state.withLock { state in
      let turn = max(now, state.next)
      state.next = turn + state.distance
      return turn
    }
  }

  /// A call went through.
  func succeeded() {
    state.withLock { state in
      state.distance = state.distance < .milliseconds(5) ? .zero : state.distance * 0.9
    }
  }

  /// A call was refused because there were too many.
  func refused() {
    let now = clock.now()
    state.withLock { state in
      guard now >= state.settling else { return }
      state.distance = min(max(Self.first, state.distance * 1.5), Self.longest)
      state.settling = now + state.distance * 10
      // Turns that were given out already are not taken back; new ones begin after a pause.
      state.next = max(state.next, now + state.distance * (1 + clock.random()))
    }
  }
}
