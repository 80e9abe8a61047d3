import Foundation
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

/// A home folder of a test's own, and the settings that lead providers to it.
final class CredentialHome: Sendable {
  let path: String
  static let now = Timestamp(microsecondsSince1970: 1_800_000_000_000_000)

  init(config: String? = nil, credentials: String? = nil) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "tokyo-home-\(UUID())").path
    try FileManager.default.createDirectory(
      atPath: path + "/.aws/sso/cache", withIntermediateDirectories: true)
    if let config { try write(config, to: ".aws/config") }
    if let credentials { try write(credentials, to: ".aws/credentials") }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try Data(text.replacing("{home}", with: path).utf8).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
  }

  /// Settings with this home and nothing of the real environment but `PATH`.
  func settings(
    _ variables: [String: String] = [:], transport: any HTTPTransport = ScriptedMetadata.silence,
    desk: RoleDesk = RoleDesk(), clock: any Clock<Duration> = InstantClock(),
    now: @escaping @Sendable () -> Timestamp = { CredentialHome.now }
  ) -> CredentialSettings {
    var all = variables.mapValues { $0.replacing("{home}", with: path) }
    all["PATH"] = ProcessInfo.processInfo.environment["PATH"]
    return CredentialSettings(
      environment: AWSEnvironment(all, home: path), transport: transport,
      securityTokenService: { RoleDesk.Visit(desk: desk, signer: $0) }, clock: clock, now: now)
  }
}

/// A clock whose sleeps are over at once; they end with an error where the task is canceled.
struct InstantClock: Clock {
  var now: ContinuousClock.Instant { ContinuousClock.now }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
  }
}

/// Who may do what with a file.
enum FileMode {
  static func of(_ path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }
}
