internal import TokyoDataCore

/// A run under way, on the connection that holds its advisory lock: a lost lock is a lost connection.
struct PostgresLedgerRun: LedgerRun {
  let connection: PostgresConnection
  let id: RunID
  let dataset: Dataset
  let table: QualifiedName

  private var name: String { "\(dataset.name)" }

  /// Takes the lock, records the run, collapses marks and notes what changed in the table's structure.
  static func begin(
    _ kind: RunKind, of dataset: DatasetName, on connection: PostgresConnection
  ) async throws -> PostgresLedgerRun {
    let (definition, table) = try await LedgerReading(session: connection).dataset(dataset)
    guard try await lock(dataset, on: connection) else {
      throw TokyoDataError(.busy, "another run of the dataset is under way", context: .init(dataset: dataset))
    }
    do {
      let started = try await connection.query(
        "INSERT INTO tokyo_data.runs (dataset, kind) VALUES (\("\(dataset)"), \(kind.rawValue)) RETURNING id")
      let run = PostgresLedgerRun(
        connection: connection, id: RunID(number: started.columns[0].integer(0)), dataset: definition,
        table: table)
      try await run.collapseMarks()
      try await run.noteStructure()
      return run
    } catch {
      _ = try? await connection.query(unlocking(dataset))
      throw error
    }
  }

  func end(outcome: String) async throws {
    try await connection.execute(
      """
      UPDATE tokyo_data.runs SET ended_at = clock_timestamp(), outcome = \(outcome) WHERE id = \(id.number)
      """)
    _ = try await connection.query(Self.unlocking(dataset.name))
  }

  // MARK: The run's lock

  private static func lock(_ dataset: DatasetName, on connection: PostgresConnection) async throws -> Bool {
    let rows = try await connection.query("SELECT pg_try_advisory_lock(\(Self.key(dataset))) AS locked")
    return rows.columns[0][0] == .bool(true)
  }

  private static func unlocking(_ dataset: DatasetName) -> PostgresStatement {
    "SELECT pg_advisory_unlock(\(key(dataset))) AS unlocked"
  }

  private static func key(_ dataset: DatasetName) -> Int64 {
    Int64(bitPattern: XXH64.hash(Array("tokyo_data.run:\(dataset)".utf8), seed: 0))
  }

  /// The lock is still this session's; behind a transaction-pooling proxy it may be nobody's.
  private func requireLock(in transaction: PostgresTransaction) async throws {
    let key = UInt64(bitPattern: Self.key(dataset.name))
    let held = try await transaction.query(
      """
      SELECT count(*) AS held FROM pg_catalog.pg_locks
      WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 1
        AND classid = \(Int64(key >> 32))::oid AND objid = \(Int64(key & 0xFFFF_FFFF))::oid
      """)
    guard held.columns[0].integer(0) == 1 else {
      throw TokyoDataError(.conflict, "the run lost its lock; is a transaction-pooling proxy between?")
    }
  }

  // MARK: Marks

  /// Under the lock no export is under way, so of a day's marks one suffices.
  private func collapseMarks() async throws {
    try await connection.execute(
      """
      DELETE FROM tokyo_data.marks m USING tokyo_data.marks other
      WHERE m.dataset = \(name) AND other.dataset = m.dataset AND other.day = m.day AND other.xid > m.xid
      """)
  }

  /// Marks the exported days that a change of the table's structure, or a clock set back, may concern.
  private func noteStructure() async throws {
    guard dataset.isDated else { return }
    try await connection.withTransaction { transaction in
      let description = try await TableDescription(table, in: transaction)
      let now = try await TableStructure(of: table, oid: description.oid, in: transaction)
      let recorded = try await transaction.query(
        "SELECT structure FROM tokyo_data.datasets WHERE name = \(name) FOR UPDATE")
      let earlier =
        recorded.columns[0][0].isNull
        ? nil : try LedgerText.decode(TableStructure.self, from: recorded.columns[0].text(0))
      if let ranges = earlier.map({ now.changes(since: $0) }) ?? [.unbounded] {
        for range in ranges { try await markExported(in: range, transaction) }
        try await transaction.execute(
          """
          UPDATE tokyo_data.datasets SET structure = \(try LedgerText.encode(now)) WHERE name = \(name)
          """)
      }
      try await transaction.execute(
        """
        INSERT INTO tokyo_data.marks SELECT dataset, day, '0'::xid8 FROM tokyo_data.coverage
        WHERE dataset = \(name) AND state = 'both' AND day >= (clock_timestamp() AT TIME ZONE 'UTC')::date
        ON CONFLICT DO NOTHING
        """)
    }
  }

  private func markExported(in range: TimeRange, _ transaction: PostgresTransaction) async throws {
    let first = range.from?.day ?? Day(daysSince1970: -2_000_000)
    let last = range.until.map { $0.adding(microseconds: -1).day } ?? Day(daysSince1970: 2_000_000)
    try await transaction.execute(
      """
      INSERT INTO tokyo_data.marks SELECT dataset, day, '0'::xid8 FROM tokyo_data.coverage
      WHERE dataset = \(name) AND state = 'both' AND day BETWEEN \(first) AND \(last)
      ON CONFLICT DO NOTHING
      """)
  }

  // MARK: Versions

  func record(_ version: VersionRecord) async throws {
    try await translating("export", of: dataset.name) {
      _ = try await connection.execute(
        """
        INSERT INTO tokyo_data.versions (dataset, version, day, state, location, bytes, row_hash,
          schema_fingerprint, exported_snapshot, exported_at, run, summary)
        VALUES (\(name), \("\(version.id)"), \(version.day), 'ready', \(version.location), 0,
          \("\(version.rowHash)"), \(version.schemaFingerprint), \(version.snapshot),
          \(version.exportedAt), \(id.number), \(try LedgerText.encode(version.summary)))
        """)
    }
  }

  func noteVerified(_ version: VersionID, at instant: Timestamp) async throws {
    try await translating("verify", of: dataset.name) {
      _ = try await connection.execute(
        """
        UPDATE tokyo_data.versions SET verified_at = \(instant)
        WHERE dataset = \(name) AND version = \("\(version)")
        """)
    }
  }

  func noteCollected(_ version: VersionID) async throws {
    try await translating("gc", of: dataset.name) {
      _ = try await connection.execute(
        """
        UPDATE tokyo_data.versions SET collected_at = clock_timestamp()
        WHERE dataset = \(name) AND version = \("\(version)") AND state = 'condemned'
        """)
    }
  }

  /// Condemning and publishing are updates of the same row, so they exclude each other even without lock.
  func condemn(grace: Duration) async throws -> [VersionRecord] {
    try await translating("gc", of: dataset.name) {
      let seconds = Double(grace.components.seconds) + Double(grace.components.attoseconds) / 1e18
      try await connection.execute(
        """
        UPDATE tokyo_data.versions SET state = 'condemned'
        WHERE dataset = \(name) AND state IN ('ready', 'unused') AND run IS DISTINCT FROM \(id.number)
          AND coalesce(unused_since, recorded_at) <= clock_timestamp() - make_interval(secs => \(seconds))
        """)
      return try await LedgerReading(session: connection).versions(
        "dataset = \(name) AND state = 'condemned' AND collected_at IS NULL")
    }
  }

  // MARK: Days

  func publish(_ days: [DayPublication]) async throws {
    try await translating("publish", of: dataset.name) {
      try await connection.withTransaction { transaction in
        try await requireLock(in: transaction)
        for day in days {
          do { try await publish(day, in: transaction) } catch let error as TokyoDataError {
            throw error.adding(.init(day: day.day))
          }
        }
        try await renewEpoch(in: transaction)
      }
    }
  }

  private func publish(_ day: DayPublication, in transaction: PostgresTransaction) async throws {
    if let version = day.version {
      try await makeCurrent(version, in: transaction)
      try await cover(day, with: version.id, in: transaction)
      if let replaced = day.base.version {
        try await transaction.execute(
          """
          UPDATE tokyo_data.versions SET state = 'unused', unused_since = clock_timestamp()
          WHERE dataset = \(name) AND version = \("\(replaced)") AND state = 'current'
          """)
      }
    } else {
      try await requireUnchanged(day, in: transaction)
    }
    try await delete(day.marks, in: transaction)
  }

  private func makeCurrent(_ version: VersionRecord, in transaction: PostgresTransaction) async throws {
    let changed = try await transaction.execute(
      """
      UPDATE tokyo_data.versions SET state = 'current', bytes = \(version.bytes),
        row_hash = \("\(version.rowHash)"), verified_at = \(version.verifiedAt),
        summary = \(try LedgerText.encode(version.summary))
      WHERE dataset = \(name) AND version = \("\(version.id)") AND state = 'ready'
      """)
    guard changed == 1 else {
      throw TokyoDataError(.conflict, "the version is not ready: it was published or condemned before")
    }
  }

  private func cover(
    _ day: DayPublication, with version: VersionID, in transaction: PostgresTransaction
  ) async throws {
    let changed: Int
    if day.base.state == .hot {
      changed = try await transaction.execute(
        """
        INSERT INTO tokyo_data.coverage VALUES (\(name), \(day.day), 'both', \("\(version)"))
        ON CONFLICT DO NOTHING
        """)
    } else {
      changed = try await transaction.execute(
        """
        UPDATE tokyo_data.coverage SET version = \("\(version)")
        WHERE dataset = \(name) AND day = \(day.day) AND state = \(day.base.state.rawValue)
          AND version IS NOT DISTINCT FROM \(day.base.version.map { "\($0)" })
        """)
    }
    guard changed == 1 else { throw Self.moved }
  }

  private func requireUnchanged(_ day: DayPublication, in transaction: PostgresTransaction) async throws {
    let rows = try await transaction.query(
      """
      SELECT state FROM tokyo_data.coverage WHERE dataset = \(name) AND day = \(day.day)
        AND state = \(day.base.state.rawValue)
        AND version IS NOT DISTINCT FROM \(day.base.version.map { "\($0)" }) FOR UPDATE
      """)
    guard rows.rowCount == 1 else { throw Self.moved }
  }

  private func delete(_ marks: [Mark], in transaction: PostgresTransaction) async throws {
    for mark in marks {
      try await transaction.execute(
        """
        DELETE FROM tokyo_data.marks WHERE dataset = \(name) AND day = \(mark.day)
          AND xid = \("\(mark.transaction)")
        """)
    }
  }

  func declareSuspect(_ day: Day) async throws {
    try await translating("suspect", of: dataset.name) {
      try await connection.withTransaction { transaction in
        let changed = try await transaction.execute(
          """
          UPDATE tokyo_data.coverage SET state = 'suspect'
          WHERE dataset = \(name) AND day = \(day) AND state = 'both'
          """)
        guard changed == 1 else { throw Self.moved.adding(.init(day: day)) }
        try await renewEpoch(in: transaction)
      }
    }
  }

  func resolve(_ day: Day, keeping side: SuspectResolution) async throws {
    try await translating("resolve", of: dataset.name) {
      try await connection.withTransaction { transaction in
        let rows = try await transaction.query(
          """
          SELECT version FROM tokyo_data.coverage
          WHERE dataset = \(name) AND day = \(day) AND state = 'suspect' FOR UPDATE
          """)
        guard rows.rowCount == 1 else {
          throw TokyoDataError(.conflict, "the day is not suspect", context: .init(day: day))
        }
        switch side {
        case .hot:
          try await transaction.execute(
            "DELETE FROM tokyo_data.coverage WHERE dataset = \(name) AND day = \(day)")
          try await transaction.execute(
            """
            UPDATE tokyo_data.versions SET state = 'unused', unused_since = clock_timestamp()
            WHERE dataset = \(name) AND day = \(day) AND state = 'current'
            """)
        case .copy:
          try await transaction.execute(
            "UPDATE tokyo_data.coverage SET state = 'cold' WHERE dataset = \(name) AND day = \(day)")
        }
        try await renewEpoch(in: transaction)
      }
    }
  }

  private func renewEpoch(in transaction: PostgresTransaction) async throws {
    try await transaction.execute(
      """
      UPDATE tokyo_data.datasets SET epoch = \(Int64.random(in: .min ... .max)) WHERE name = \(name)
      """)
  }

  private static var moved: TokyoDataError {
    TokyoDataError(.conflict, "the day is no longer in the state from which this began")
  }
}
