import Dispatch
import Synchronization

// What Tests/sanitize runs before it believes in silence: each part of it as it should be, and once more
// with a race beside what orders it. Of the first no report may come; of the second one must, whatever
// edges runtime-edges.c states.

/// A number that others than the compiler have to guard.
///
/// Why it may cross threads: what `number` points to is read and written within the mutex, or before and
/// after a continuation is resumed, and lives as long as the process. What is racy breaks that on purpose:
/// the sanitizer has to see it.
struct Guarded: ~Copyable, @unchecked Sendable {
  let mutex = Mutex(())
  let number = UnsafeMutablePointer<Int>.allocate(capacity: 1)
}

let guarded = Guarded()
guarded.number.initialize(to: 0)
let isRacy = CommandLine.arguments.contains("racy")

/// Four threads that wait for the mutex all the time, by `withLock` and by `withLockIfAvailable`.
func lock() -> Bool {
  let rounds = 50_000
  DispatchQueue.concurrentPerform(iterations: 4) { _ in
    for _ in 0..<rounds {
      guarded.mutex.withLock { _ in guarded.number.pointee += 1 }
      while guarded.mutex.withLockIfAvailable({ _ in guarded.number.pointee += 1 }) == nil {}
      if isRacy, guarded.number.pointee < 0 { print("beside the mutex") }
    }
  }
  return guarded.number.pointee == 8 * rounds
}

/// The rounds of `resume` that are over, read and written without an order: it must not be this that tells
/// the sanitizer of one.
let resumed = Atomic(0)

/// Continuations, every other one of them resumed before its task waits.
func resume() async -> Bool {
  let rounds = 1_000
  let queue = DispatchQueue(label: "resumes")
  for round in 1...rounds {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      queue.async {
        if !isRacy { guarded.number.pointee += 1 }
        continuation.resume()
        if isRacy { guarded.number.pointee += 1 }
        resumed.store(round, ordering: .relaxed)
      }
      if round.isMultiple(of: 2) { while resumed.load(ordering: .relaxed) < round {} }
    }
    guarded.number.pointee += 1
  }
  return guarded.number.pointee == 2 * rounds
}

let isWhole = CommandLine.arguments.contains("locks") ? lock() : await resume()
print(isWhole ? "all counted" : "some were lost")
