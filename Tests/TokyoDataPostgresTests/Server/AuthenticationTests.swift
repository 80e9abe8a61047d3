import Foundation
import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("Who connects")
struct AuthenticationTests {
  /// Everything that an error shows to those who print, dump or inspect it.
  private func texts(of error: PostgresError) -> [String] {
    var dumped = ""
    dump(error, to: &dumped)
    return ["\(error)", String(reflecting: error), dumped, error.message]
  }

  @Test("a wrong password is refused, and no text of the error holds it")
  func wrongPassword() async throws {
    let secret = "not-the-password-0815"
    let configuration = try TestService.tls.configuration(with: ["password": secret])
    let error = try #require(
      await #expect(throws: PostgresError.self) { _ = try await PostgresConnection.connect(configuration) })
    #expect(error.code == .connectionFailed)
    #expect(String(reflecting: error).contains("password authentication failed"))
    for text in texts(of: error) { #expect(!text.contains(secret)) }
    let address = try TestService.tls.address()
    #expect(!"\(error)".contains(address.user))
  }

  @Test(
    "a connection string that cannot be read is refused, and no text of the error holds a piece of it",
    arguments: [
      "host=127.0.0.1 password=first 0815secret", "postgresql://postgres:0815secret@127.0.0.1:5432:1/x",
      "postgresql://postgres:0815secret/0815secret@127.0.0.1/x", "0815secret=1",
      "postgresql://postgres:%0815secret%@127.0.0.1/x", "host=127.0.0.1 password='0815secret",
      "host=127.0.0.1 port=0815secret",
      "postgresql://postgres:first@0815secret@127.0.0.1/x", "postgresql://127.0.0.1/x?sslmode=0815secret",
    ])
  func unreadable(text: String) async throws {
    let error = try #require(
      await #expect(throws: PostgresError.self) {
        _ = try await PostgresConnection.connect(PostgresConfiguration(text))
      })
    #expect(error.code == .connectionFailed)
    for text in texts(of: error) { #expect(!text.contains("0815secret")) }
  }

  @Test("a configuration shows no password")
  func configuration() throws {
    let configuration = try TestService.tls.configuration(with: [:])
    let password = try TestService.tls.address().password
    #expect(!password.isEmpty)
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped] {
      #expect(!text.contains(password))
    }
  }

  @Test("a password file is read, and refused where others may read it")
  func passwordFile() async throws {
    let (_, port, user, password) = try TestService.tls.address()
    let file = FileManager.default.temporaryDirectory.appending(path: "tokyo-\(UUID()).pgpass")
    defer { try? FileManager.default.removeItem(at: file) }
    try "*:*:*:another:wrong\nlocalhost:\(port):*:\(user):\(password)\n".write(
      to: file, atomically: true, encoding: .utf8)
    // An empty password would not override the URL's.
    var configuration = try TestService.tls.configuration(with: ["passfile": file.path])
    configuration.connectionString.replace(":\(password)@", with: "@")

    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    try await TestServer.withConnection(by: configuration) {
      let row = try await $0.query("SELECT 1").row(0)
      #expect(row == [1])
    }

    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    let open = configuration
    #expect(await code { _ = try await PostgresConnection.connect(open) } == .connectionFailed)
  }
}
