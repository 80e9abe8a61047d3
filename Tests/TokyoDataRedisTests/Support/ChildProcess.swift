import Foundation
import Synchronization

/// A program of a test's own, whose output the test reads.
///
/// Not Foundation's `Process`: its children inherit blocked signals, and waiting for them keeps a core busy.
final class ChildProcess: Sendable {
  private let id: pid_t
  private let output: Int32
  private let isReaped = Mutex(false)

  struct Failed: Error {}

  init(_ path: String, _ arguments: [String]) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failed() }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    output = ends[0]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    defer {
      for word in words { free(word) }
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      close(ends[1])
    }
    var id: pid_t = 0
    guard posix_spawn(&id, path, &actions, &attributes, words, environ) == 0 else { throw Failed() }
    self.id = id
  }

  deinit { close(output) }

  /// What the program says until a text has come.
  func said(until text: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      // A thread of its own may wait.
      Thread.detachNewThread { [self] in
        var said: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: said, as: UTF8.self).contains(text) {
          var polled = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
          guard poll(&polled, 1, 60_000) == 1 else { return continuation.resume(throwing: Failed()) }
          let count = read(output, &piece, piece.count)
          guard count > 0 else { return continuation.resume(throwing: Failed()) }
          said += piece.prefix(count)
        }
        continuation.resume(returning: String(decoding: said, as: UTF8.self))
      }
    }
  }

  func signal(_ number: Int32) {
    isReaped.withLock { if !$0 { kill(id, number) } }
  }

  /// Sends a signal that ends the program, and returns when it has ended.
  func end(_ number: Int32) {
    isReaped.withLock { isReaped in
      guard !isReaped else { return }
      kill(id, number)
      var status: Int32 = 0
      waitpid(id, &status, 0)
      isReaped = true
    }
  }
}
