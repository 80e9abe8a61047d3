import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("Opening a session")
struct ConnectingTests {
  @Test("pins what texts and instants mean")
  func setup() async throws {
    try await TestServer.withConnection(statementTimeout: .milliseconds(12_345)) { connection in
      for (name, value) in [
        ("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("client_encoding", "UTF8"),
        ("extra_float_digits", "1"), ("IntervalStyle", "iso_8601"), ("application_name", "tokyo-data"),
        ("statement_timeout", "12345ms"),
      ] {
        let row = try await connection.query("SELECT current_setting(\(name))").row(0)
        #expect(row == [.string(value)])
      }
      #expect(await connection.serverVersion >= 150_000)
    }
  }

  @Test(
    "to nobody or to nowhere fails and names no host",
    arguments: [
      "host=127.0.0.1 port=1", "host=/nonexistent-folder", "postgresql://nobody-here@127.0.0.1:1/x", "host=",
    ])
  func unreachable(text: String) async throws {
    let error = await #expect(throws: PostgresError.self) {
      _ = try await PostgresConnection.connect(
        PostgresConfiguration(text == "host=" ? "host=127.0.0.1 port=not-a-number" : text))
    }
    #expect(error?.code == .connectionFailed)
    #expect(error?.description.contains("127.0.0.1") == false)
  }

  @Test("goes on to the next host of a list")
  func hostList() async throws {
    let configuration = try TestServer.configuration()
    try await TestServer.withConnection { connection in
      let place = try await connection.query(
        "SELECT host(inet_server_addr()), inet_server_port(), current_user, current_database()")
      let row = place.row(0)
      guard case .string(let host) = row[0], case .int(let port) = row[1], case .string(let user) = row[2],
        case .string(let database) = row[3]
      else {
        Issue.record("the test server is reached over TCP")
        return
      }
      var listed = configuration
      listed.connectionString = "host=\(host),\(host) port=1,\(port) user=\(user) dbname=\(database)"
      let second = try await PostgresConnection.connect(listed)
      #expect(try await second.query("SELECT 1").rowCount == 1)
      await second.close()
    }
  }

  @Test("a session that was closed refuses statements, and the server loses it")
  func closing() async throws {
    try await TestServer.withConnection { observer in
      let connection = try await PostgresConnection.connect(TestServer.configuration())
      let process = await connection.processID
      await connection.close()
      #expect(await code { try await connection.execute("SELECT 1") } == .closed)
      try await TestServer.until(
        "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process))", on: observer)
    }
  }

  @Test("a session that is let go closes by itself")
  func deinitialized() async throws {
    try await TestServer.withConnection { observer in
      let process: Int32
      do { process = await (try await PostgresConnection.connect(TestServer.configuration())).processID }
      try await TestServer.until(
        "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process))", on: observer)
    }
  }
}
