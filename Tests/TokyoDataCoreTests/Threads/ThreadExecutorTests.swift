import Foundation
import Testing

@testable import TokyoDataCore

@Suite("A thread executor")
struct ThreadExecutorTests {
  actor Resident {
    nonisolated let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    var count = 0

    init() throws { executor = try ThreadExecutor() }
    deinit { executor.shutdown() }

    func increment() { count += 1 }
    var isOnOwnThread: Bool { executor.isIsolatingCurrentContext() == true }
    var thread: ObjectIdentifier { ObjectIdentifier(Thread.current) }

    func wait(
      _ id: WaitID, for events: ReadinessEvents = [], on descriptor: Int32 = -1,
      until deadline: ContinuousClock.Instant? = nil
    ) async -> (WaitOutcome, isOnOwnThread: Bool) {
      let outcome = await executor.wait(id, for: events, on: descriptor, until: deadline)
      return (outcome, isOnOwnThread)
    }
  }

  @Test("all jobs run on its one thread, none of them lost")
  func jobsRunOnItsThread() async throws {
    let resident = try Resident()
    let first = await resident.thread
    #expect(await resident.isOnOwnThread)
    #expect(resident.executor.isIsolatingCurrentContext() == false)
    await withTaskGroup { group in
      for _ in 0..<1_000 { group.addTask { await resident.increment() } }
    }
    #expect(await resident.count == 1_000)
    #expect(await resident.thread == first)
  }

  @Test("two executors have two threads")
  func threadsDiffer() async throws {
    let (one, other) = (try Resident(), try Resident())
    #expect(await one.thread != other.thread)
  }

  @Test("a wait ends when its descriptor is ready")
  func readiness() async throws {
    let resident = try Resident()
    let pipe = try WakePipe()
    let id = resident.executor.makeWaitID()
    async let outcome = resident.wait(id, for: .readable, on: pipe.readEnd)
    pipe.wake()
    let result = await outcome
    #expect(result.0 == .ready)
    #expect(result.isOnOwnThread)
  }

  @Test("a wait ends at its deadline, one that has passed at once")
  func deadlines() async throws {
    let resident = try Resident()
    let executor = resident.executor
    #expect(await resident.wait(executor.makeWaitID(), until: .now - .seconds(1)).0 == .deadlinePassed)
    let start = ContinuousClock.now
    #expect(await resident.wait(executor.makeWaitID(), until: start + .milliseconds(20)).0 == .deadlinePassed)
    #expect(ContinuousClock.now >= start + .milliseconds(20))
  }

  @Test("an interruption ends a wait, also one that comes before it")
  func interruptions() async throws {
    let resident = try Resident()
    let early = resident.executor.makeWaitID()
    resident.executor.interrupt(early)
    #expect(await resident.wait(early).0 == .interrupted)
    let id = resident.executor.makeWaitID()
    async let outcome = resident.wait(id)
    resident.executor.interrupt(id)
    #expect(await outcome.0 == .interrupted)
  }

  @Test("jobs run while the thread waits for something else")
  func jobsDuringWaits() async throws {
    let resident = try Resident()
    let id = resident.executor.makeWaitID()
    async let outcome = resident.wait(id)
    await resident.increment()
    #expect(await resident.count == 1)
    resident.executor.interrupt(id)
    _ = await outcome
  }

  @Test("the thread ends when the owner goes, and the executor with it")
  func shutdown() async throws {
    weak var executor: ThreadExecutor?
    do {
      let resident = try Resident()
      await resident.increment()
      executor = resident.executor
    }
    // The thread holds the last reference until it has ended.
    while executor != nil { await Task.yield() }
    #expect(executor == nil)
  }
}
