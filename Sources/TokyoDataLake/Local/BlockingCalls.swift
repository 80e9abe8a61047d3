internal import Dispatch
internal import Synchronization

/// Runs calls that block, such as those on files, away from the threads that run Swift tasks.
///
/// A few serial queues in turn: so many calls at once and no more, whoever waits.
final class BlockingCalls: Sendable {
  private let queues: [DispatchQueue]
  private let next = Atomic<Int>(0)

  init(width: Int) {
    queues = (0..<max(1, width)).map { DispatchQueue(label: "tokyo-data.files.\($0)") }
  }

  /// What `body` returns or throws; it runs to its end even when the task is cancelled.
  func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
    let queue = queues[Int(bitPattern: UInt(bitPattern: turn) % UInt(queues.count))]
    return try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try body() }) }
    }
  }
}
