internal import TokyoDataCore

/// Who may use the wire: one at a time, the others in the order in which they came.
struct TurnQueue {
  private(set) var isTaken = false
  private var waiting: [WaitID] = []
  /// The waiter that was handed the turn but has not woken yet.
  private var granted: WaitID?
  /// What the holder waits for at present.
  var currentWait: WaitID?

  var hasWaiting: Bool { !waiting.isEmpty }

  /// Takes the turn if nobody has it and nobody waits.
  mutating func takeIfFree() -> Bool {
    guard !isTaken else { return false }
    isTaken = true
    return true
  }

  mutating func enter(_ id: WaitID) {
    waiting.append(id)
  }

  /// The waiter was handed the turn; it leaves the queue otherwise.
  mutating func leave(_ id: WaitID) -> Bool {
    if granted == id {
      granted = nil
      return true
    }
    waiting.removeAll { $0 == id }
    return false
  }

  /// Gives the turn to the next in line, who stays its holder from here on.
  mutating func pass(_ executor: ThreadExecutor) {
    currentWait = nil
    guard !waiting.isEmpty else {
      isTaken = false
      return
    }
    let next = waiting.removeFirst()
    granted = next
    executor.interrupt(next)
  }

  func interruptHolder(_ executor: ThreadExecutor) {
    if let currentWait { executor.interrupt(currentWait) }
  }
}
