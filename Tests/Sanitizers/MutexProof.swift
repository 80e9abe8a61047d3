import Dispatch
import Synchronization

// What Tests/sanitize runs before it believes in silence. `lawful` changes a number within a mutex only:
// no report may come. `racy` reads it once beside the mutex as well: a report must come, whatever edges
// mutex-edges.c states. Both wait for the mutex all the time, by `withLock` and by `withLockIfAvailable`.

/// A number that a mutex guards.
///
/// Why it may cross threads: what `number` points to is read and written within the mutex only, and lives as
/// long as the process. `racy` breaks that on purpose: the sanitizer has to see it.
struct Guarded: ~Copyable, @unchecked Sendable {
  let mutex = Mutex(())
  let number = UnsafeMutablePointer<Int>.allocate(capacity: 1)
}

let guarded = Guarded()
let isRacy = CommandLine.arguments.dropFirst().first == "racy"
let rounds = 50_000
guarded.number.initialize(to: 0)

DispatchQueue.concurrentPerform(iterations: 4) { _ in
  for _ in 0..<rounds {
    guarded.mutex.withLock { _ in guarded.number.pointee += 1 }
    while guarded.mutex.withLockIfAvailable({ _ in guarded.number.pointee += 1 }) == nil {}
    if isRacy, guarded.number.pointee < 0 { print("beside the mutex") }
  }
}
print(guarded.number.pointee == 8 * rounds ? "all counted" : "some were lost")
