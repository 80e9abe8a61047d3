import Synchronization
import TokyoDataTesting

/// Lets concurrent operations go on one step at a time, in an order that a seed chooses.
///
/// Operations stop at points; whenever nothing moves any more, one of those that stand at a point goes on.
final class SeededScheduler: Sendable {
  typealias Operation = @Sendable () async -> Void

  private struct State: Sendable {
    var random: SplitMix64
    var left = 0
    var live = 0
    var parked: [Gate] = []
    /// Where the operations run, while they run.
    var executor: StepExecutor?
  }

  private enum Move {
    case begin(Operation)
    case release(Gate)
    case letTimePass
    case wait
    case end
  }

  private let clock: ManualClock
  private let state: Mutex<State>
  private let isOver = Gate()

  init(seed: UInt64, clock: ManualClock) {
    self.clock = clock
    state = Mutex(State(random: SplitMix64(seed: seed)))
  }

  /// Waits until it is this operation's turn.
  func point() async throws {
    let gate = Gate()
    let executor = state.withLock { state in
      state.parked.append(gate)
      return state.executor
    }
    // Who stands here from another thread is not noticed otherwise.
    _ = executor?.task {}
    try await gate.wait()
  }

  /// Runs so many operations, at most `width` at once.
  func run(
    _ count: Int, width: Int, _ next: @escaping @Sendable (inout SplitMix64) -> Operation
  ) async throws {
    try await StepExecutor.with(whenIdle: { self.move(on: $0, width, next) }) { executor in
      state.withLock { ($0.left, $0.executor) = (count, executor) }
      defer { state.withLock { $0.executor = nil } }
      // From its end on the scheduler moves whatever there is.
      _ = executor.task {}
      try await isOver.wait()
    }
  }

  /// Moves something; whether it did.
  private func move(
    on executor: StepExecutor, _ width: Int, _ next: (inout SplitMix64) -> Operation
  ) -> Bool {
    switch state.withLock({ choose(&$0, width, next) }) {
    case .begin(let operation):
      _ = executor.task {
        await operation()
        self.state.withLock { $0.live -= 1 }
      }
    case .release(let gate): gate.open()
    case .letTimePass: clock.advance(by: .milliseconds(5))
    // Something is under way on another thread, and comes back here.
    case .wait: return false
    case .end:
      isOver.open()
      return false
    }
    return true
  }

  private func choose(
    _ state: inout State, _ width: Int, _ next: (inout SplitMix64) -> Operation
  ) -> Move {
    if state.left == 0, state.live == 0 { return .end }
    if state.left > 0, state.live < width, state.random.below(3) == 0 || state.live == 0 {
      state.left -= 1
      state.live += 1
      return .begin(next(&state.random))
    }
    guard state.parked.isEmpty else {
      return .release(state.parked.remove(at: state.random.below(state.parked.count)))
    }
    // Pauses end in a second; a call's limit of time is not to be passed while another thread is at work on it.
    return clock.sleeperCount(within: .seconds(1)) > 0 ? .letTimePass : .wait
  }
}
