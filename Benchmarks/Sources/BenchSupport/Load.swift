/// Tasks that do the same again and again for a while, each waiting for its answer before it goes on.
package struct Load: Sendable {
  /// How many tasks there are.
  package let tasks: Int
  /// How long they go on.
  package let duration: Duration

  /// Makes a load.
  package init(tasks: Int, duration: Duration) {
    self.tasks = tasks
    self.duration = duration
  }

  /// Makes a load of words: how many tasks, and for how many seconds.
  package init(tasks: String, seconds: String) throws {
    guard let tasks = Int(tasks), (1...10_000).contains(tasks) else {
      throw BenchError("\(tasks) is no number of tasks")
    }
    guard let seconds = Double(seconds), seconds > 0, seconds < 86_400 else {
      throw BenchError("\(seconds) is no number of seconds")
    }
    self.init(tasks: tasks, duration: .seconds(seconds))
  }

  /// A task's part in it.
  package struct Part: Sendable {
    let number: Int
    let duration: Duration
    /// Where tasks wait for each other.
    package let line: StartLine

    /// Numbers of the task's own.
    package var random: SplitMix { SplitMix(seed: UInt64(number) &* 7919 &+ 1) }

    /// Waits for the other tasks, then runs `work` until the time is over.
    package func `repeat`(_ work: () async throws -> Void) async throws -> Times {
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
  package func run(_ body: @escaping @Sendable (Part) async throws -> Times) async throws -> Times {
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
