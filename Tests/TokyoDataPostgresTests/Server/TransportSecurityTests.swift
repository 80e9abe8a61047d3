import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("TLS")
struct TransportSecurityTests {
  private func refusal(_ changes: [String: String]) async throws -> PostgresError {
    let configuration = try TestService.tls.configuration(with: changes)
    return try #require(
      await #expect(throws: PostgresError.self) { _ = try await PostgresConnection.connect(configuration) })
  }

  @Test(
    "verify-full accepts the server by each name of its certificate", arguments: ["localhost", "127.0.0.1"])
  func accepted(host: String) async throws {
    let configuration = try TestService.tls.configuration(with: ["host": host])
    try await TestServer.withConnection(by: configuration) { connection in
      #expect(await connection.usesTLS)
      let row = try await connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .row(0)
      #expect(row == [.bool(true)])
    }
  }

  @Test("a certificate that another authority should have signed is refused")
  func wrongAuthority() async throws {
    let error = try await refusal([
      "sslrootcert": TestService.variable("TOKYO_TEST_POSTGRES_TLS_STRANGER")
    ])
    #expect(error.code == .connectionFailed)
    #expect(String(reflecting: error).contains("certificate verify failed"))
  }

  @Test("verify-full refuses a server of another name, which verify-ca takes")
  func wrongName() async throws {
    let elsewhere = ["host": "elsewhere.invalid", "hostaddr": "127.0.0.1"]
    let error = try await refusal(elsewhere)
    #expect(error.code == .connectionFailed)
    #expect(String(reflecting: error).contains("server certificate"))
    #expect(!"\(error)".contains("elsewhere"))
    let lenient = try TestService.tls.configuration(
      with: elsewhere.merging(["sslmode": "verify-ca"]) { $1 })
    try await TestServer.withConnection(by: lenient) { #expect(await $0.usesTLS) }
  }

  @Test("a server that takes nothing but TLS refuses a session without, and one that has none refuses TLS")
  func disabled() async throws {
    let error = try await refusal(["sslmode": "disable"])
    #expect(error.code == .connectionFailed)
    let plain = try TestService.plain.configuration(with: ["sslmode": "require"])
    #expect(await code { _ = try await PostgresConnection.connect(plain) } == .connectionFailed)
  }

  @Test("a canceled statement leaves a clean connection, though libpq's own request would not be encrypted")
  func canceling() async throws {
    try await TestService.tls.withConnection { observer in
      try await TestService.tls.withConnection { connection in
        let process = await connection.processID
        let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
        try await TestServer.until(
          "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')",
          on: observer)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT pg_backend_pid()").row(0) == [.int(Int64(process))])
      }
    }
  }
}
