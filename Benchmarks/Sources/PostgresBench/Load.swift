internal import BenchSupport

/// Tasks that do the same again and again for a while, each waiting for its answer before it goes on.
struct Load: Sendable {
  let tasks: Int
  let duration: Duration

  /// A task's part in it.
  struct Part: Sendable {
    let number: Int
    let duration: Duration
    let line: StartLine

    /// Numbers of the task's own.
    var random: SplitMix { SplitMix(seed: UInt64(number) &* 7919 &+ 1) }

    /// Waits for the other tasks, then runs `work` until the time is over.
    func `repeat`(_ work: () async throws -> Void) async throws -> Times {
      await line.wait()
      let start = ContinuousClock.now
      let end = start + duration
      var latencies: [Duration] = []
      var now = start
      while now < end {
        try await work()
        let then = ContinuousClock.now
        latencies.append(then - now)
        now = then
      }
      return Times(latencies: latencies, start: start, end: now)
    }
  }

  /// Runs `body` in every task: it makes ready what it needs, then calls `repeat`.
  func run(_ body: @escaping @Sendable (Part) async throws -> Times) async throws -> Times {
    let line = StartLine(tasks)
    return try await withThrowingTaskGroup(of: Times.self) { group in
      for number in 0..<tasks {
        group.addTask { try await body(Part(number: number, duration: duration, line: line)) }
      }
      var all: [Times] = []
      for try await times in group { all.append(times) }
      return try Times(joining: all)
    }
  }
}
