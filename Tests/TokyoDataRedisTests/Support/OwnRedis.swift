import Foundation
import Synchronization

@testable import TokyoDataRedis

/// A Redis of a test's own, which the test may kill, stop and start again at the same Unix socket.
final class OwnRedis: Sendable {
  private let folder: URL
  private let process = Mutex<ChildProcess?>(nil)

  var endpoint: RedisEndpoint { .socket(path: folder.appending(path: "redis.sock").path) }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Starts the server and returns when it answers.
  func start(_ options: [String] = []) async throws {
    let server = try ChildProcess(
      "/usr/bin/redis-server",
      ["--port", "0", "--unixsocket", folder.appending(path: "redis.sock").path, "--save", ""]
        + ["--dir", folder.path] + options)
    process.withLock { $0 = server }
    _ = try await server.said(until: "ready to accept connections")
  }

  func signal(_ number: Int32) {
    process.withLock { $0 }?.signal(number)
  }

  /// Kills the server, and returns when it is gone.
  func end() {
    process.withLock { $0 }?.end(SIGKILL)
  }

  func remove() {
    end()
    try? FileManager.default.removeItem(at: folder)
  }
}

/// Runs a server for the length of a test.
func withOwnRedis(
  _ options: [String] = [], _ body: (OwnRedis) async throws -> Void
) async throws {
  let server = try OwnRedis()
  defer { server.remove() }
  try await server.start(options)
  try await body(server)
}
