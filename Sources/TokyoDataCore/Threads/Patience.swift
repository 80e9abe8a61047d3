/// Whether an answer is worth looking for before the thread sleeps: it was when it came in time lately.
///
/// After looks in vain, ever more questions go without one: a distant server costs next to nothing.
package struct Patience: Sendable {
  /// No longer than a thread needs to be woken, several times over.
  package static let limit = Duration.microseconds(50)
  private static let longestPause = 1024

  private var pause = 0
  private var questionsToSkip = 0

  package init() {}

  package mutating func isWorthALook() -> Bool {
    guard questionsToSkip > 0 else { return true }
    questionsToSkip -= 1
    return false
  }

  package mutating func note(isAnswered: Bool) {
    pause = isAnswered ? 0 : min(max(1, pause * 2), Self.longestPause)
    questionsToSkip = pause
  }
}
