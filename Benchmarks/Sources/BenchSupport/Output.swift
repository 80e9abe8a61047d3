#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Standard output and standard error, a line at a time.
package enum Output {
  /// Prints a line that a reader at the other end of a pipe gets now.
  package static func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  /// Says what is wrong and ends the process.
  package static func complain(_ line: String) -> Never {
    fputs(line + "\n", stderrStream)
    exit(1)
  }

  // C's `stderr` is a global variable, which Swift 6 does not touch; a stream of our own is as good.
  private static var stderrStream: UnsafeMutablePointer<FILE>? { fdopen(STDERR_FILENO, "w") }
}

extension Duration {
  /// The same time in seconds.
  package var seconds: Double { self / .seconds(1) }
}
