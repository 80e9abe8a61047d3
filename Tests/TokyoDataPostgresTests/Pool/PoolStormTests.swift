import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("Many tasks on a pool", .timeLimit(.minutes(2)))
struct PoolStormTests {
  @Test("10,000 tasks on 8 connections, some canceled, some spoiling or losing their connection")
  func storm() async throws {
    let fake = FakePool(8)
    let served = try await withThrowingTaskGroup { group in
      for number in 0..<10_000 {
        group.addTask { try await Self.serve(number, by: fake) }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect((8_000...10_000).contains(served))
    #expect(fake.server.state.withLock { $0.mostOpen } <= 8)
    try await until { fake.pool.counts.used == 0 && fake.pool.counts.waiting == 0 }
    let left = fake.pool.state.withLock { ($0.continuations.count, $0.early.count) }
    #expect(left == (0, 0))
    await fake.pool.shutDown(within: .zero)
    #expect(fake.server.open == 0)
  }

  /// True where the task got its connection, false where it was canceled before.
  private static func serve(_ number: Int, by fake: FakePool) async throws -> Bool {
    if number % 50 == 0 { fake.clock.advance(by: .milliseconds(5)) }
    let task = Task {
      try await fake.pool.withConnection { connection in
        if number % 7 == 0 { await Task.yield() }
        if number % 101 == 0 { connection.spoil() }
        if number % 103 == 0 { connection.kill() }
      }
    }
    if number % 5 == 0 { task.cancel() }
    do {
      try await task.value
      return true
    } catch is CancellationError { return false }
  }
}
