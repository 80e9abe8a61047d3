import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Runs and publishing")
struct RunTests {
  @Test("a run that lost its lock publishes nothing")
  func lostLock() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      let version = try await events.version(ago: 3)
      let error = await tokyoError {
        try await events.store.withRun(of: events.name, .export) { run in
          try await run.record(version)
          let connection = try #require(run as? PostgresLedgerRun).connection
          try await connection.execute("SELECT pg_advisory_unlock_all()")
          try await run.publish([
            DayPublication(
              day: version.day, base: .init(day: version.day, state: .hot, version: nil), version: version,
              marks: [])
          ])
        }
      }
      #expect(error?.code == .conflict)
      #expect(try await events.coverage().days.isEmpty)
    }
  }

  @Test("a run whose task is canceled gives its lock back")
  func canceledRun() async throws {
    try await EventTable.with { events in
      let (store, name) = (events.store, events.name)
      let run = Task {
        try await store.withRun(of: name, .export) { _ in
          withUnsafeCurrentTask { $0?.cancel() }
          try Task.checkCancellation()
        }
      }
      await #expect(throws: CancellationError.self) { try await run.value }
      try await events.run()
    }
  }

  @Test("a session that ends in a run frees its lock and publishes nothing")
  func killedSession() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      let version = try await events.version(ago: 3)
      let error = await tokyoError {
        try await events.store.withRun(of: events.name, .export) { run in
          try await run.record(version)
          let connection = try #require(run as? PostgresLedgerRun).connection
          try await events.execute(
            "SELECT pg_terminate_backend(\(unescaped: "\(await connection.processID)"))")
          try await run.publish([
            DayPublication(
              day: version.day, base: .init(day: version.day, state: .hot, version: nil), version: version,
              marks: [])
          ])
        }
      }
      #expect(error?.code == .unavailable)
      #expect(try await events.coverage().days.isEmpty)
      try await events.run()
    }
  }

  @Test("hundreds of days are published in a few statements")
  func manyDays() async throws {
    try await EventTable.with { events in
      try await events.execute(
        """
        INSERT INTO events SELECT n, now() - make_interval(days => n / 3), 'x'
        FROM generate_series(3, 1202) n
        """)
      let marks = try await events.marks()
      let template = try await events.version(ago: 2)
      let versions = (1...400).map { ago -> VersionRecord in
        var version = template
        version = VersionRecord(
          id: VersionID(at: template.exportedAt), day: events.day(ago: ago), location: "none",
          schemaFingerprint: template.schemaFingerprint, snapshot: "s", exportedAt: template.exportedAt)
        return version
      }
      try await events.store.withRun(of: events.name, .export) { run in
        for version in versions { try await run.record(version) }
        let connection = try #require(run as? PostgresLedgerRun).connection
        let before = await connection.lastHold
        let elapsed = try await ContinuousClock().measure {
          try await run.publish(
            versions.map { version in
              DayPublication(
                day: version.day, base: .init(day: version.day, state: .hot, version: nil), version: version,
                marks: marks.filter { $0.day == version.day })
            })
        }
        _ = before
        #expect(elapsed < .seconds(10))
      }
      let coverage = try await events.coverage()
      #expect(coverage.days.count == 400)
      #expect(coverage.versions.count == 400)
      #expect(coverage.marked.isEmpty)
    }
  }

  @Test("condemning and publishing the same version exclude each other, without the run's lock too")
  func condemnOrPublish() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      let version = try await events.version(ago: 3)
      try await events.store.withRun(of: events.name, .export) { try await $0.record(version) }
      try await events.database.withConnection { other in
        // Condemned, not yet committed: the publish waits for it, then finds that it may not.
        let error = await tokyoError {
          try await events.store.withRun(of: events.name, .export) { run in
            try await other.execute(script: "BEGIN; UPDATE tokyo_data.versions SET state = 'condemned'")
            async let published: Void = run.publish([
              DayPublication(
                day: version.day, base: .init(day: version.day, state: .hot, version: nil), version: version,
                marks: [])
            ])
            try await events.database.withConnection { observer in
              try await TestServer.until(
                "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) OR EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')",
                on: observer)
            }
            try await other.execute(script: "COMMIT")
            try await published
          }
        }
        #expect(error?.code == .conflict)
      }
      #expect(try await events.coverage().days.isEmpty)
      #expect(try await events.store.versions(of: events.name).map(\.state) == [.condemned])
    }
  }
}
