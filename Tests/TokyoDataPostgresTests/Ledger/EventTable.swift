import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// A table of events in a database of its own, installed as dataset `events`, and what tests do with it.
struct EventTable {
  let database: TestDatabase
  let today: Day
  let name: DatasetName

  var store: PostgresHotStore { database.store }

  /// `create` makes a table `events` with columns `id`, `at` and `note`.
  static func with<Result>(
    created create: PostgresStatement = """
    CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL, note text)
    """,
    policy: DatasetPolicy = DatasetPolicy(), _ body: (EventTable) async throws -> Result
  ) async throws -> Result {
    try await TestDatabase.with { database in
      try await database.execute(create)
      try await database.store.install(
        DatasetProposal(table: "events", timeColumn: "at", policy: policy))
      return try await body(
        EventTable(database: database, today: try await database.today(), name: try DatasetName("events")))
    }
  }

  /// Another process's store on the same database.
  func withOtherStore(_ body: (EventTable) async throws -> Void) async throws {
    let store = PostgresHotStore(database.configuration, maximumConnections: 4)
    let database = TestDatabase(
      name: database.name, service: .plain, configuration: database.configuration, store: store)
    do {
      try await body(EventTable(database: database, today: today, name: name))
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  /// Partitioned by day for the twenty days up to tomorrow, with a partition before and one after.
  static let partitioned: PostgresStatement = """
    CREATE TABLE events (id bigint, at timestamptz NOT NULL, note text, PRIMARY KEY (id, at))
      PARTITION BY RANGE (at);
    SET TimeZone = 'UTC';
    CREATE TABLE events_before PARTITION OF events FOR VALUES FROM (MINVALUE) TO (current_date - 19);
    DO $$ BEGIN FOR n IN 0..20 LOOP
      EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
        n, current_date - 19 + n, current_date - 18 + n);
    END LOOP; END $$
    """

  /// The partition of a day.
  func partition(_ ago: Int) -> PostgresStatement { "\(identifier: "events_\(19 - ago)")" }

  func day(ago days: Int) -> Day { today.advanced(by: -days) }

  /// The SQL of noon of a day.
  func noon(ago days: Int) -> PostgresStatement {
    "\(unescaped: "'\(day(ago: days)) 12:00:00+00'::timestamptz")"
  }

  func insert(_ id: Int, ago days: Int, note: String = "") async throws {
    try await database.execute("INSERT INTO events VALUES (\(id), \(noon(ago: days)), \(note))")
  }

  func execute(_ script: PostgresStatement) async throws { try await database.execute(script) }

  func ids() async throws -> [Int64] {
    try await database.withConnection { connection in
      let rows = try await connection.query("SELECT id FROM events ORDER BY id")
      return (0..<rows.rowCount).map { rows.columns[0].integer($0) }
    }
  }

  // MARK: Ledger

  func coverage() async throws -> Coverage { try await store.coverage(of: name) }

  func marks() async throws -> [Mark] {
    try await store.withExportSnapshot(of: name) { try await $0.marks() }
  }

  /// How many days ago the marked days are, each once.
  func markedDays() async throws -> Set<Int> {
    Set(try await marks().map { Int(today.daysSince1970 - $0.day.daysSince1970) })
  }

  func clearMarks() async throws { try await execute("DELETE FROM tokyo_data.marks") }

  /// A version that says what hot now holds of a day.
  func version(ago days: Int) async throws -> VersionRecord {
    let day = day(ago: days)
    return try await store.withExportSnapshot(of: name) { snapshot in
      var hash = RowHash()
      try await snapshot.readDay(day) { hash.add($0) }
      var version = VersionRecord(
        id: VersionID(at: snapshot.asOf), day: day, location: "none",
        schemaFingerprint: snapshot.dataset.schemaFingerprint, snapshot: snapshot.id,
        exportedAt: snapshot.asOf)
      version.rowHash = hash
      return version
    }
  }

  /// Publishes what hot holds of days, with their marks.
  @discardableResult
  func publish(ago days: Int...) async throws -> [VersionRecord] {
    let marks = try await marks()
    let coverage = try await coverage()
    var versions: [VersionRecord] = []
    for ago in days { versions.append(try await version(ago: ago)) }
    let recorded = versions
    try await store.withRun(of: name, .export) { run in
      var publications: [DayPublication] = []
      for version in recorded {
        try await run.record(version)
        publications.append(
          DayPublication(
            day: version.day,
            base: coverage.days[version.day] ?? DayCoverage(day: version.day, state: .hot, version: nil),
            version: version, marks: marks.filter { $0.day == version.day }))
      }
      try await run.publish(publications)
    }
    return versions
  }

  func retire(
    _ version: VersionRecord, step: @escaping @Sendable (RetireStep) -> Void = { _ in }
  ) async throws -> RetireOutcome {
    try await store.retire(
      version.day, of: name, version: version.id, expecting: version.rowHash, step: step)
  }

  /// Publishes and retires a day.
  @discardableResult
  func makeCold(ago days: Int) async throws -> VersionRecord {
    let version = try await publish(ago: days)[0]
    let outcome = try await retire(version)
    #expect(outcome == .retired(rows: version.rowHash.rowCount))
    return version
  }

  /// Begins and ends a run, which compares the table's structure with its record.
  func run() async throws { try await store.withRun(of: name, .verify) { _ in } }
}

/// The `TokyoDataError` that `body` throws; nil where it throws none or another.
func tokyoError(of body: () async throws -> Void) async -> TokyoDataError? {
  do {
    try await body()
    return nil
  } catch { return error as? TokyoDataError }
}

/// The SQLSTATE of the server's error that `body` throws.
func sqlState(of body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch { return PostgresServerError(in: error)?.sqlState.rawValue }
}
