#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What a wait is for.
package struct ReadinessEvents: OptionSet, Sendable {
  package var rawValue: Int16

  package init(rawValue: Int16) {
    self.rawValue = rawValue
  }

  /// The descriptor has bytes, has ended or has failed.
  package static let readable = ReadinessEvents(rawValue: Int16(POLLIN))
  /// The descriptor takes bytes or has failed.
  package static let writable = ReadinessEvents(rawValue: Int16(POLLOUT))
}

/// How a wait ended.
package enum WaitOutcome: Sendable {
  case ready
  case deadlinePassed
  case interrupted
}

/// Names a wait before it begins, so that it can be interrupted at any time.
package struct WaitID: Hashable, Sendable {
  fileprivate var number: UInt64
}

/// The waits of one thread, in no order of importance: a connection has one at a time.
struct WaitList {
  typealias Resumption = (CheckedContinuation<WaitOutcome, Never>, WaitOutcome)

  private struct Wait {
    var id: WaitID
    var descriptor: Int32
    var events: ReadinessEvents
    var deadline: ContinuousClock.Instant?
    var continuation: CheckedContinuation<WaitOutcome, Never>
    var isInterrupted = false
  }

  private var waits: [Wait] = []
  private var lastNumber: UInt64 = 0
  /// Interrupted before they began.
  private var early: Set<WaitID> = []

  var isEmpty: Bool { waits.isEmpty }
  /// A wait to come is interrupted already.
  var hasEarly: Bool { !early.isEmpty }

  mutating func makeID() -> WaitID {
    lastNumber += 1
    return WaitID(number: lastNumber)
  }

  mutating func add(
    _ id: WaitID, _ descriptor: Int32, _ events: ReadinessEvents, until deadline: ContinuousClock.Instant?,
    _ continuation: CheckedContinuation<WaitOutcome, Never>
  ) {
    waits.append(
      Wait(
        id: id, descriptor: descriptor, events: events, deadline: deadline, continuation: continuation,
        isInterrupted: early.contains(id)))
  }

  mutating func interrupt(_ id: WaitID) {
    if let index = waits.firstIndex(where: { $0.id == id }) {
      waits[index].isInterrupted = true
    } else {
      early.insert(id)
    }
  }

  /// Forgets an interruption that came too late to matter.
  mutating func forget(_ id: WaitID) {
    early.remove(id)
  }

  /// Adds what `poll` shall look at, in the order of the waits; a negative descriptor is one it skips.
  func describe(into polled: inout [pollfd]) {
    for wait in waits { polled.append(pollfd(fd: wait.descriptor, events: wait.events.rawValue, revents: 0)) }
  }

  /// Milliseconds until the nearest deadline, rounded up; 0 where something is due, −1 for no limit.
  func timeout(at now: ContinuousClock.Instant) -> Int32 {
    if waits.contains(where: \.isInterrupted) { return 0 }
    return Self.timeout(until: waits.compactMap(\.deadline).min(), at: now)
  }

  /// Milliseconds until a deadline, as `poll` takes them.
  static func timeout(until deadline: ContinuousClock.Instant?, at now: ContinuousClock.Instant = .now)
    -> Int32
  {
    guard let nearest = deadline else { return -1 }
    guard nearest > now else { return 0 }
    let (seconds, attoseconds) = (nearest - now).components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }

  /// The sooner of two timeouts of `poll`.
  static func sooner(_ one: Int32, _ other: Int32) -> Int32 {
    one < 0 ? other : other < 0 ? one : min(one, other)
  }

  /// Takes out the waits that have ended; `polled` is in the order of the waits, or empty if none is ready.
  mutating func settle(_ polled: ArraySlice<pollfd>, at now: ContinuousClock.Instant) -> [Resumption] {
    guard !waits.isEmpty else { return [] }
    let ready = polled.map { $0.revents != 0 }
    var resumed: [Resumption] = []
    var kept: [Wait] = []
    for (index, wait) in waits.enumerated() {
      if wait.isInterrupted {
        resumed.append((wait.continuation, .interrupted))
      } else if index < ready.count, ready[index] {
        resumed.append((wait.continuation, .ready))
      } else if let deadline = wait.deadline, deadline <= now {
        resumed.append((wait.continuation, .deadlinePassed))
      } else {
        kept.append(wait)
      }
    }
    waits = kept
    return resumed
  }
}
