#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A pipe of which one end lies in a thread's `poll`, so that other threads can wake it.
struct WakePipe: ~Copyable, Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  /// - Throws: `unavailable` where the process has no descriptors left.
  init() throws(TokyoDataError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw TokyoDataError(.unavailable, "no descriptors left for a pipe") }
    readEnd = ends[0]
    writeEnd = ends[1]
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Makes the read end readable; a full pipe is readable already, so a refused write is no loss.
  func wake() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Takes out what `wake` put in.
  func drain() {
    var bytes: [UInt8] = Array(repeating: 0, count: 64)
    while read(readEnd, &bytes, bytes.count) == bytes.count {}
  }
}
