import Foundation
import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Where the server is")
struct PlaceTests {
  @Test("a folder is the place of a Unix socket, for cancel requests too")
  func unixSocket() async throws {
    let configuration = try TestService.plain.configuration(with: [
      "host": TestService.variable("TOKYO_TEST_POSTGRES_SOCKET")
    ])
    try await TestServer.withConnection(by: configuration) { connection in
      let row = try await connection.query("SELECT inet_server_addr()::text").row(0)
      #expect(row == [.null])
      #expect(
        await code { try await connection.execute("SELECT pg_sleep(600)", timeout: .milliseconds(20)) }
          == .deadlineExceeded)
      #expect(await connection.isReusable)
    }
  }

  @Test(
    "of several hosts, one dead, the first that will do is taken",
    arguments: [
      ("any", TestService.plain), ("read-only", .plain), ("read-write", .pooledServer), ("primary", .plain),
      ("prefer-standby", .plain), ("standby", nil),
    ])
  func targetSessionAttributes(attributes: String, expected: TestService?) async throws {
    let name = "tokyo_test_\(UInt64.random(in: .min ... .max))"
    try await inDatabases(name) {
      let (host, first, user, _) = try TestService.plain.address()
      let second = try TestService.pooledServer.address().port
      let configuration = PostgresConfiguration(
        """
        host=\(host),\(host),\(host) port=1,\(first),\(second) user=\(user) dbname=\(name) \
        target_session_attrs=\(attributes)
        """)
      guard let expected else {
        #expect(await code { _ = try await PostgresConnection.connect(configuration) } == .connectionFailed)
        return
      }
      try await TestServer.withConnection(by: configuration) { connection in
        let port = try await connection.query("SELECT inet_server_port()").row(0)
        let expectedPort = try expected.address().port
        #expect(port == [.int(Int64(expectedPort))])
      }
    }
  }

  /// Makes the same database on two servers, on the first one read-only for those who do not say otherwise.
  private func inDatabases(_ name: String, _ body: () async throws -> Void) async throws {
    for service in [TestService.plain, .pooledServer] {
      _ = try await service.withConnection { try await $0.execute("CREATE DATABASE \(identifier: name)") }
    }
    _ = try await TestService.plain.withConnection {
      try await $0.execute("ALTER DATABASE \(identifier: name) SET default_transaction_read_only = on")
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    for service in [TestService.plain, .pooledServer] {
      _ = try await service.withConnection {
        try await $0.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
      }
    }
    try outcome.get()
  }

  // In processes of their own, as the environment belongs to all tests of this one.

  @Test("what the connection string leaves out comes from the environment")
  func environment() async {
    await #expect(processExitsWith: .success) {
      let (host, port, user, password) = try TestService.tls.address()
      let url = try TestService.variable("TOKYO_TEST_POSTGRES_TLS_URL")
      let authority = try #require(url.split(separator: "sslrootcert=").last)
      for (name, value) in [
        ("PGHOST", host), ("PGPORT", "\(port)"), ("PGUSER", user), ("PGPASSWORD", password),
        ("PGDATABASE", "template1"), ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", String(authority)),
        ("PGAPPNAME", "from the environment"), ("PGOPTIONS", "-c lock_timeout=1234"),
        ("PGTZ", "America/New_York"), ("PGDATESTYLE", "German"),
      ] { setenv(name, value, 1) }
      let connection = try await PostgresConnection.connect(PostgresConfiguration())
      #expect(await connection.usesTLS)
      for (name, value) in [
        ("application_name", "from the environment"), ("lock_timeout", "1234ms"), ("TimeZone", "UTC"),
        ("DateStyle", "ISO, YMD"),
      ] {
        let row = try await connection.query("SELECT current_setting(\(name))").row(0)
        #expect(row == [.string(value)])
      }
      let row = try await connection.query("SELECT current_database()::text").row(0)
      #expect(row == ["template1"])
      await connection.close()
    }
  }

  @Test("the connection string counts for more than the environment")
  func precedence() async {
    await #expect(processExitsWith: .success) {
      for (name, value) in [("PGHOST", "elsewhere.invalid"), ("PGPORT", "1"), ("PGUSER", "nobody")] {
        setenv(name, value, 1)
      }
      let connection = try await PostgresConnection.connect(TestService.plain.configuration())
      #expect(try await connection.query("SELECT 1").row(0) == [1])
      await connection.close()
    }
  }
}
