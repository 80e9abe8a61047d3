import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataLake

@Suite("Looks for versions", .timeLimit(.minutes(1)))
struct VersionLooksTests {
  struct Missing: Error {}

  let looks = VersionLooks()
  let first = VersionID(at: Timestamp(microsecondsSince1970: 1))
  let second = VersionID(at: Timestamp(microsecondsSince1970: 2))

  /// A look that goes on until it is told how it ends, or is canceled.
  final class Held: Sendable {
    private let end = Mutex<Result<Void, any Error>?>(nil)
    private let begun = Atomic<Int>(0)

    var count: Int { begun.load(ordering: .relaxed) }

    func finish(_ result: Result<Void, any Error>) { end.withLock { $0 = result } }

    func look() async throws {
      begun.wrappingAdd(1, ordering: .relaxed)
      while true {
        try Task.checkCancellation()
        if let result = end.withLock({ $0 }) { return try result.get() }
        await Task.yield()
      }
    }
  }

  func look(
    for versions: Set<VersionID>, joins: Bool = true, _ held: Held
  ) -> Task<VersionLooks.End, any Error> {
    Task { try await looks.run(for: versions, joins: joins) { try await held.look() } }
  }

  /// A look under way, and a caller who waits for it.
  func pair(_ held: Held) async -> [Task<VersionLooks.End, any Error>] {
    let owner = look(for: [first], held)
    while held.count < 1 { await Task.yield() }
    let other = look(for: [first, second], held)
    while looks.waiting < 1 { await Task.yield() }
    return [owner, other]
  }

  @Test("serve all who need one of the versions")
  func shared() async throws {
    let held = Held()
    let tasks = await pair(held)
    held.finish(.success(()))
    for task in tasks { #expect(try await task.value == .found) }
    #expect(held.count == 1)
  }

  @Test("are made by each who needs others, or wants one of his own")
  func own() async throws {
    let held = Held()
    let tasks = [look(for: [first], held)]
    while held.count < 1 { await Task.yield() }
    let others = [look(for: [second], held), look(for: [first], joins: false, held)]
    while held.count < 3 { await Task.yield() }
    held.finish(.success(()))
    for task in tasks + others { #expect(try await task.value == .found) }
  }

  @Test("that fail are the error of whoever made them; others learn that they failed")
  func failed() async throws {
    let held = Held()
    let tasks = await pair(held)
    held.finish(.failure(Missing()))
    await #expect(throws: Missing.self) { _ = try await tasks[0].value }
    #expect(try await tasks[1].value == .failed)
  }

  @Test("go on without a caller who is canceled while he waits")
  func canceledWaiter() async throws {
    let held = Held()
    let tasks = await pair(held)
    tasks[1].cancel()
    await #expect(throws: CancellationError.self) { _ = try await tasks[1].value }
    #expect(looks.waiting == 0)
    held.finish(.success(()))
    #expect(try await tasks[0].value == .found)
  }

  @Test("that are canceled are no failure of those who wait")
  func canceledOwner() async throws {
    let held = Held()
    let tasks = await pair(held)
    tasks[0].cancel()
    await #expect(throws: CancellationError.self) { _ = try await tasks[0].value }
    #expect(try await tasks[1].value == .canceled)
  }
}
