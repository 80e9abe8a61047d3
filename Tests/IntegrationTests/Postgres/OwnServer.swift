import Foundation
import Synchronization

@testable import TokyoDataPostgres

#if canImport(Glibc)
  import Glibc
#endif

/// A server of one test alone, which may therefore be hurt; started as `Tests/run` starts its own.
struct OwnServer: Sendable {
  struct NotStarted: Error {}

  let url: String

  /// Starts a server, and stops it whatever happens.
  static func with(_ body: (OwnServer) async throws -> Void) async throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = tests.appending(path: "Services/run")
    // The service ends when the command does, and the command when its input ends: at the latest with us.
    process.arguments = ["--postgres", "sh", "-c", "echo \"$TOKYO_TEST_POSTGRES_URL\"; exec cat >/dev/null"]
    let (input, output) = try start(process)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(OwnServer(url: try await line(of: output)))) } catch {
      outcome = .failure(error)
    }
    try? input.fileHandleForWriting.close()
    // Its output ends with it.
    let rest = output.fileHandleForReading
    await onThread { while !rest.availableData.isEmpty {} }
    try outcome.get()
  }

  private static let starting = Mutex(())

  /// One at a time, and with pipes that only the process itself inherits: another one that had the end of this
  /// one's input would keep it running.
  private static func start(_ process: Process) throws -> (input: Pipe, output: Pipe) {
    try starting.withLock { _ in
      let (input, output) = (Pipe(), Pipe())
      for pipe in [input, output] {
        for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
          _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
      }
      (process.standardInput, process.standardOutput) = (input, output)
      // The threads of tasks keep signals away, and a child inherits that: its scripts would not hear SIGTERM.
      var (none, before) = (sigset_t(), sigset_t())
      sigemptyset(&none)
      pthread_sigmask(SIG_SETMASK, &none, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      try process.run()
      return (input, output)
    }
  }

  private static func line(of pipe: Pipe) async throws -> String {
    let handle = pipe.fileHandleForReading
    let text = await onThread {
      var data = Data()
      while !data.contains(UInt8(ascii: "\n")) {
        let more = handle.availableData
        if more.isEmpty { break }
        data += more
      }
      return String(decoding: data, as: UTF8.self)
    }
    guard text.hasSuffix("\n") else { throw NotStarted() }
    return String(text.dropLast())
  }

  /// Runs what blocks on a thread of its own.
  private static func onThread<Result: Sendable>(
    _ body: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }

  /// Kills a server process as the kernel would that has no memory left: the server ends all sessions and
  /// recovers as after a crash.
  func kill(_ process: Int32) { Glibc.kill(process, SIGKILL) }

  /// Waits until the server takes sessions again after a crash, which it has noticed when it ends a session
  /// from before.
  func waitUntilBack(after witness: PostgresConnection) async throws {
    while (try? await witness.execute("SELECT 1")) != nil { try Task.checkCancellation() }
    while true {
      do { return await (try await PostgresConnection.connect(PostgresConfiguration(url))).close() } catch {
        try Task.checkCancellation()
      }
    }
  }
}
