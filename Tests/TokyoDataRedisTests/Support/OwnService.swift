import Foundation

@testable import TokyoDataRedis

/// A service of `Tests/Services` for one test alone, which may break it.
enum OwnService {
  /// Runs a service for the length of a test.
  static func run(
    _ name: String, _ body: (_ configuration: RedisConfiguration) async throws -> Void
  ) async throws {
    let start = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Services/\(name)/start")
    let service = try ChildProcess(start.path, ["/dev/stdout"])
    defer { service.end(SIGTERM) }
    let announcement = try await service.said(until: "\n")
    guard let equals = announcement.firstIndex(of: "=") else { throw ChildProcess.Failed() }
    let url = announcement[announcement.index(after: equals)...].prefix { $0 != "\n" }
    try await body(try RedisConfiguration(url: String(url)))
  }
}

/// What a server says of itself under a name.
func fact(_ name: String, of servers: any RedisServers) async throws -> Int32 {
  let reply = try await servers.send([RedisCommand(words: "INFO", "server")], until: .now + .seconds(20))
  guard case .bytes(let bytes)? = reply.first else { throw ChildProcess.Failed() }
  let line = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").first {
    $0.hasPrefix(name + ":")
  }
  guard let line, let value = Int32(line.dropFirst(name.count + 1)) else { throw ChildProcess.Failed() }
  return value
}
