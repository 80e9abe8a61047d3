import Foundation
import Synchronization
import Testing

@testable import TokyoDataCore

@Suite("Calls to a thread's actor")
struct CallTests {
  actor Resident {
    nonisolated let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    /// The threads on which it was attended, in order.
    nonisolated let threads = Mutex<[ObjectIdentifier]>([])
    nonisolated let isAtWork = Atomic(false)
    var attended = 0

    init() throws { executor = try ThreadExecutor() }
    deinit { executor.shutdown() }

    nonisolated func serve(_ expectation: CallState.Expectation = .nothing) {
      executor.serve { [weak self] in
        self?.assumeIsolated { $0.attended += 1 }
        self?.threads.withLock { $0.append(ObjectIdentifier(Thread.current)) }
        return expectation
      }
    }

    var thread: ObjectIdentifier { ObjectIdentifier(Thread.current) }

    /// Keeps the actor at work until released.
    func work(until gate: DispatchSemaphore) {
      isAtWork.store(true, ordering: .relaxed)
      gate.wait()
    }

    /// Waits in its job after another thread has called.
    func waitAfterCall() -> WaitOutcome? {
      let hasCalled = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        self.executor.call()
        hasCalled.signal()
      }
      hasCalled.wait()
      return executor.waitInJob(for: .readable, on: -1, until: .now + .seconds(60))
    }

    func callFromWithin() -> Int {
      executor.call()
      return attended
    }
  }

  private func until(_ condition: () async -> Bool) async {
    while !(await condition()) { await Task.yield() }
  }

  @Test("run where the caller stands while the actor is free, in its isolation")
  func free() async throws {
    let resident = try Resident()
    resident.serve()
    // A thread that never was at work may still be on its way to its first sleep.
    await until {
      resident.executor.call()
      return resident.threads.withLock { $0.contains(ObjectIdentifier(Thread.current)) }
    }
    #expect(resident.executor.isIsolatingCurrentContext() == false)
  }

  @Test("are made up for by whoever is at work, none of them lost")
  func busy() async throws {
    let resident = try Resident()
    resident.serve()
    let own = await resident.thread
    let gate = DispatchSemaphore(value: 0)
    async let work: Void = resident.work(until: gate)
    await until { resident.isAtWork.load(ordering: .relaxed) }
    resident.executor.call()
    #expect(resident.threads.withLock { $0.isEmpty })
    #expect(resident.executor.visit { true } == nil)
    gate.signal()
    await work
    await until { resident.threads.withLock { !$0.isEmpty } }
    #expect(resident.threads.withLock { $0 } == [own])
  }

  @Test("come before a wait in the actor's job, which would sleep over them")
  func waiting() async throws {
    let resident = try Resident()
    resident.serve()
    #expect(await resident.waitAfterCall() == nil)
    await until { resident.threads.withLock { !$0.isEmpty } }
  }

  @Test("from within the isolation run at once")
  func within() async throws {
    let resident = try Resident()
    resident.serve()
    #expect(await resident.callFromWithin() == 1)
  }

  @Test("of many threads at once are all answered, one at a time")
  func many() async throws {
    let resident = try Resident()
    resident.serve()
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            let before = resident.threads.withLock { $0.count }
            resident.executor.call()
            while resident.threads.withLock({ $0.count }) == before { await Task.yield() }
          }
        }
      }
    }
    #expect(await resident.attended == resident.threads.withLock { $0.count })
  }

  @Test("come from a watched descriptor, until nobody expects them")
  func watching() async throws {
    let resident = try Resident()
    resident.serve(.nothing)
    let pipe = try WakePipe()
    resident.executor.watch(Watch(descriptor: pipe.readEnd, events: .readable, deadline: nil))
    pipe.wake()
    await until { resident.threads.withLock { !$0.isEmpty } }
    // Its thread looked away, or it would be at work for ever.
    let own = await resident.thread
    #expect(resident.threads.withLock { $0 } == [own])
    resident.executor.watch(nil)
  }
}
