internal import TokyoDataCore

/// A run under way, on the connection that holds its advisory lock: a lost lock is a lost connection.
struct PostgresLedgerRun: LedgerRun {
  let connection: PostgresConnection
  let id: RunID
  let dataset: Dataset
  let table: QualifiedName

  var name: String { "\(dataset.name)" }

  /// Takes the lock, records the run, collapses marks, notes what changed in the table's structure, and
  /// finishes what a killed retirement left.
  static func begin(
    _ kind: RunKind, of dataset: DatasetName, on connection: PostgresConnection
  ) async throws -> PostgresLedgerRun {
    let (definition, table) = try await LedgerReading(session: connection).dataset(dataset)
    try await LedgerMigration.requireCurrentFormat(in: connection)
    guard try await lock(dataset, on: connection) else {
      throw TokyoDataError(.busy, "another run of the dataset is under way", context: .init(dataset: dataset))
    }
    do {
      let started = try await connection.ask(
        "INSERT INTO tokyo_data.runs (dataset, kind) VALUES (\("\(dataset)"), \(kind.rawValue)) RETURNING id")
      let run = PostgresLedgerRun(
        connection: connection, id: RunID(number: started.columns[0].integer(0)), dataset: definition,
        table: table)
      try await run.collapseMarks()
      try await run.noteStructure()
      try await run.finishDetached()
      return run
    } catch {
      await unlock(dataset, on: connection)
      throw error
    }
  }

  /// Notes how the run ended and gives its lock back, also in a canceled task.
  func end(outcome: String) async throws {
    let note = Task {
      try await connection.execute(
        """
        UPDATE tokyo_data.runs SET ended_at = clock_timestamp(), outcome = \(outcome) WHERE id = \(id.number)
        """)
    }
    let noted = await note.result
    await Self.unlock(dataset.name, on: connection)
    _ = try noted.get()
  }

  // MARK: The run's lock

  private static func lock(_ dataset: DatasetName, on connection: PostgresConnection) async throws -> Bool {
    let rows = try await connection.ask("SELECT pg_try_advisory_lock(\(Self.key(dataset))) AS locked")
    return rows.columns[0][0] == .bool(true)
  }

  /// Gives the run's lock back, or closes the session.
  ///
  /// A session that goes back to the pool with the lock would keep every later run out, so one that does
  /// not answer is closed. A canceled task's own statements would not even be sent.
  private static func unlock(_ dataset: DatasetName, on connection: PostgresConnection) async {
    let unlocking = Task {
      try await connection.ask("SELECT pg_advisory_unlock(\(key(dataset))) AS unlocked").columns[0][0]
    }
    guard case .success(.bool(true)) = await unlocking.result else { return await connection.close() }
  }

  private static func key(_ dataset: DatasetName) -> Int64 {
    Int64(bitPattern: XXH64.hash(Array("tokyo_data.run:\(dataset)".utf8), seed: 0))
  }

  /// The lock is still this session's; behind a transaction-pooling proxy it may be nobody's.
  func requireLock(in transaction: PostgresTransaction) async throws {
    let key = UInt64(bitPattern: Self.key(dataset.name))
    let held = try await transaction.ask(
      """
      SELECT count(*) AS held FROM pg_catalog.pg_locks
      WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 1
        AND classid = \(Int64(key >> 32))::oid AND objid = \(Int64(key & 0xFFFF_FFFF))::oid
      """)
    guard held.columns[0].integer(0) == 1 else {
      throw TokyoDataError(.conflict, "the run lost its lock; is a transaction-pooling proxy between?")
    }
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

  // MARK: Suspect days

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
    try await retryingLocks(within: .seconds(10)) {
      try await translating("resolve", of: dataset.name) {
        try await connection.withTransaction { transaction in
          let rows = try await transaction.ask(
            """
            SELECT version FROM tokyo_data.coverage
            WHERE dataset = \(name) AND day = \(day) AND state = 'suspect' FOR UPDATE
            """)
          guard rows.rowCount == 1 else {
            throw TokyoDataError(.conflict, "the day is not suspect", context: .init(day: day))
          }
          if let detached = try await DetachedTable.differing(on: day, of: dataset.name, in: transaction) {
            let settlement = DetachedSettlement(
              detached: detached, dataset: dataset, root: table, transaction: transaction)
            try await settlement.settle(day, keeping: side)
          } else {
            try await settle(day, keeping: side, in: transaction)
          }
          try await renewEpoch(in: transaction)
        }
      }
    }
  }

  private func settle(
    _ day: Day, keeping side: SuspectResolution, in transaction: PostgresTransaction
  ) async throws {
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
  }

  func renewEpoch(in transaction: PostgresTransaction) async throws {
    try await transaction.execute(
      """
      UPDATE tokyo_data.datasets SET epoch = \(Int64.random(in: .min ... .max)) WHERE name = \(name)
      """)
  }

  static var moved: TokyoDataError {
    TokyoDataError(.conflict, "the day is no longer in the state from which this began")
  }
}
