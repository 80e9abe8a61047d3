import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRedis

@Suite("An attempt that several wait for", .timeLimit(.minutes(1)))
struct SharedAttemptTests {
  @Test("is made once for all who wait, and again for those who come after")
  func shared() async throws {
    let attempt = SharedAttempt<Int>()
    let count = Mutex(0)
    let gate = Gate()
    let begun = Gate()
    let value: @Sendable () async throws -> Int = {
      try await attempt.value(until: .now + .seconds(50)) {
        begun.open()
        try await gate.wait()
        return count.withLock { count in
          count += 1
          return count
        }
      }
    }
    let values = try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask { try await value() }
      try await begun.wait()
      // Those who come while it is under way end without it only if it was theirs too.
      for _ in 0..<100 { group.addTask { try await value() } }
      gate.open()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(values.count == 101)
    #expect(Set(values) == Set(1...count.withLock { $0 }))
    #expect(try await value() == count.withLock { $0 })
  }

  @Test("goes on for the others when one is canceled or too late")
  func leaving() async throws {
    let attempt = SharedAttempt<Int>()
    let (gate, begun) = (Gate(), Gate())
    let first = Task {
      try await attempt.value(until: .now + .seconds(50)) {
        begun.open()
        try await gate.wait()
        return 7
      }
    }
    try await begun.wait()
    let late = await code { _ = try await attempt.value(until: .now) { 8 } }
    #expect(late == .timeout)
    let second = Task { try await attempt.value(until: .now + .seconds(50)) { 9 } }
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    gate.open()
    let value = try await second.value
    // The second came while the first's attempt ran, or after it.
    #expect(value == 7 || value == 9)
  }
}
