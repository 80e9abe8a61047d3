/// Whether an answer is worth looking for before the thread sleeps: it was when it came in time lately.
///
/// After looks in vain, ever more statements go without one: a distant server costs next to nothing.
struct Patience {
  /// No longer than a thread needs to be woken, several times over.
  static let limit = Duration.microseconds(50)
  private static let longestPause = 1024

  private var pause = 0
  private var statementsToSkip = 0

  mutating func isWorthALook() -> Bool {
    guard statementsToSkip > 0 else { return true }
    statementsToSkip -= 1
    return false
  }

  mutating func note(isAnswered: Bool) {
    pause = isAnswered ? 0 : min(max(1, pause * 2), Self.longestPause)
    statementsToSkip = pause
  }
}
