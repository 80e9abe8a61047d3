internal import Synchronization

/// The parts that no worker has taken yet.
final class PartQueue: Sendable {
  private let rest: Mutex<ArraySlice<PartPlan.Part>>

  init(_ parts: [PartPlan.Part]) { rest = Mutex(parts[...]) }

  var isEmpty: Bool { rest.withLock { $0.isEmpty } }

  /// The next part, which nobody else gets.
  func take() -> PartPlan.Part? { rest.withLock { $0.popFirst() } }
}
