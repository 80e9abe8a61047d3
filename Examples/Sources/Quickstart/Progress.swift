import Foundation
import Synchronization

/// One line that fills up while work goes on: redrawn at a terminal, a few lines elsewhere.
final class Progress: Sendable {
  private let title: String
  private let total: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let shown = Mutex(-1)

  init(_ title: String, total: Int) {
    self.title = title
    self.total = total
  }

  func show(_ done: Int, of total: Int? = nil) {
    let total = max(1, total ?? self.total)
    let percent = done * 100 / total
    let isNew = shown.withLock { last in
      guard percent / (isTerminal ? 1 : 50) != last / (isTerminal ? 1 : 50) || last < 0 else { return false }
      last = percent
      return true
    }
    if isNew { write(isTerminal ? "\r\(title) … \(percent) %" : "\(title) … \(percent) %\n") }
  }

  func end(_ summary: String) {
    write(isTerminal ? "\r\u{1B}[K\(title): \(summary)\n" : "\(title): \(summary)\n")
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
