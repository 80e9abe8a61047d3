import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("What a session is told")
struct SessionDefaultsTests {
  @Test("texts and instants mean the same whatever the database's defaults are")
  func defaults() async throws {
    try await TestDatabase.with { database in
      for (name, value) in [
        ("TimeZone", "America/St_Johns"), ("DateStyle", "SQL, DMY"), ("IntervalStyle", "sql_standard"),
        ("extra_float_digits", "-3"), ("bytea_output", "escape"), ("standard_conforming_strings", "off"),
        ("client_encoding", "LATIN1"), ("statement_timeout", "3min"),
      ] {
        try await database.execute(
          "ALTER DATABASE \(identifier: database.name) SET \(identifier: name) = \(unescaped: "'\(value)'")")
      }
      // Without our own first words the defaults do show.
      let told = try await database.value("SELECT current_setting('statement_timeout')")
      #expect(told == "3min")
      for (name, value) in [
        ("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("IntervalStyle", "iso_8601"),
        ("extra_float_digits", "1"), ("bytea_output", "hex"), ("standard_conforming_strings", "on"),
        ("client_encoding", "UTF8"),
      ] {
        let setting = try await database.value("SELECT current_setting(\(name))")
        #expect(setting == .string(value))
      }
      let text = try await database.value(
        "SELECT concat_ws(' ', '2026-03-04 05:06:07+00'::timestamptz, 'é'::text, '\\xff'::bytea)")
      #expect(text == "2026-03-04 05:06:07+00 é \\xff")
    }
  }

  @Test("the application's name is the configuration's unless the connection string has one")
  func applicationName() async throws {
    var configuration = try TestService.plain.configuration()
    configuration.applicationName = "billing"
    for (more, name) in [("", "billing"), ("?application_name=from+the+string", "from+the+string")] {
      configuration.connectionString = try TestService.variable(TestService.plain.rawValue) + more
      let row = try await TestServer.withConnection(by: configuration) {
        try await $0.query("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")
          .row(0)
      }
      #expect(row == [.string(name)])
    }
  }

  @Test("the server ends a statement after the configured time, which is no loss of the connection")
  func statementTimeout() async throws {
    try await TestServer.withConnection(statementTimeout: .milliseconds(20)) { connection in
      let error = await #expect(throws: PostgresError.self) {
        try await connection.execute("SELECT pg_sleep(600)")
      }
      #expect(error?.code == .server)
      #expect(error.flatMap { PostgresServerError(in: $0) }?.sqlState == .queryCanceled)
      #expect(await connection.isReusable)
      let row = try await connection.query("SELECT 1").row(0)
      #expect(row == [1])
    }
  }
}
