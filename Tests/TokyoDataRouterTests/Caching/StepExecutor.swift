import Dispatch
import Foundation
import Synchronization
import TokyoDataTesting

/// Runs tasks on a thread of its own, one step at a time, and knows when nothing moves any more.
///
/// The shared pool cannot tell: others use it too, and a test that yields there until something has happened waits
/// for all of them each time.
final class StepExecutor: TaskExecutor {
  private struct Line: Sendable {
    var jobs: [UnownedJob] = []
    var isWorking = false
    var idlers: [Gate] = []
  }

  private let line = Mutex(Line())
  /// Signaled once for each job, and once more for the end.
  private let steps = DispatchSemaphore(value: 0)
  private let whenIdle: @Sendable (StepExecutor) -> Bool

  /// Gives an executor to `body`, whose tasks have ended when it returns.
  ///
  /// - Parameter whenIdle: Is called when nothing moves, on the executor's thread, again and again until it has
  ///   moved a task or says that it cannot.
  static func with<Result>(
    whenIdle: @escaping @Sendable (StepExecutor) -> Bool = { _ in false },
    _ body: (StepExecutor) async throws -> Result
  ) async rethrows -> Result {
    let executor = StepExecutor(whenIdle)
    let thread = Thread { executor.work() }
    thread.stackSize = 8 << 20
    thread.start()
    defer { executor.steps.signal() }
    return try await body(executor)
  }

  private init(_ whenIdle: @escaping @Sendable (StepExecutor) -> Bool) { self.whenIdle = whenIdle }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    line.withLock { $0.jobs.append(job) }
    steps.signal()
  }

  /// A task whose steps, and those of its children, are taken here.
  func task<Result: Sendable>(
    _ body: sending @escaping () async throws -> Result
  ) -> Task<Result, any Error> {
    Task(executorPreference: self, operation: body)
  }

  /// Waits until every task here waits for something else.
  func idle() async throws {
    let gate = Gate()
    line.withLock { line in
      if line.jobs.isEmpty, !line.isWorking { gate.open() } else { line.idlers.append(gate) }
    }
    try await gate.wait()
  }

  private func work() {
    while true {
      steps.wait()
      let next = line.withLock { line -> UnownedJob? in
        guard !line.jobs.isEmpty else { return nil }
        line.isWorking = true
        return line.jobs.removeFirst()
      }
      guard let next else { return }
      next.runSynchronously(on: asUnownedTaskExecutor())
      while !hasJobs, whenIdle(self) {}
      let idlers = line.withLock { line in
        line.isWorking = false
        guard line.jobs.isEmpty else { return [Gate]() }
        defer { line.idlers = [] }
        return line.idlers
      }
      for idler in idlers { idler.open() }
    }
  }

  private var hasJobs: Bool { line.withLock { !$0.jobs.isEmpty } }
}
