internal import TokyoDataCore

extension PostgresLedgerRun {
  /// Each kind of change is one statement for all days, so a backfill takes no more round trips than a day.
  func publish(_ days: [DayPublication]) async throws {
    try await translating("publish", of: dataset.name) {
      for day in days where day.base.state == .suspect || day.base.state == .expired {
        throw Self.moved.adding(.init(day: day.day))
      }
      try await connection.withTransaction { transaction in
        try await requireLock(in: transaction)
        try await makeCurrent(days.filter { $0.version != nil }, in: transaction)
        try await coverFirst(days.filter { $0.version != nil && $0.base.state == .hot }, in: transaction)
        try await coverAgain(days.filter { $0.version != nil && $0.base.state != .hot }, in: transaction)
        try await requireUnchanged(days.filter { $0.version == nil }, in: transaction)
        try await delete(days.flatMap(\.marks), in: transaction)
        try await renewEpoch(in: transaction)
      }
    }
  }

  private func makeCurrent(_ days: [DayPublication], in transaction: PostgresTransaction) async throws {
    guard !days.isEmpty else { return }
    let versions = days.compactMap(\.version)
    let changed = try await transaction.query(
      """
      UPDATE tokyo_data.versions v SET state = 'current', bytes = n.bytes, row_hash = n.row_hash,
        verified_at = nullif(n.verified_at, '')::timestamptz, summary = n.summary
      FROM unnest(\(versions.map { "\($0.id)" })::text[], \(versions.map(\.bytes))::int8[],
        \(versions.map { "\($0.rowHash)" })::text[],
        \(versions.map { $0.verifiedAt.map { "\($0)" } ?? "" })::text[],
        \(try versions.map { try LedgerText.encode($0.summary) })::text[])
        AS n(version, bytes, row_hash, verified_at, summary)
      WHERE v.dataset = \(name) AND v.version = n.version AND v.state = 'ready' RETURNING v.version
      """)
    let found = Set(changed.texts(0))
    for day in days where !found.contains("\(day.version?.id.description ?? "")") {
      throw TokyoDataError(
        .conflict, "the version is not ready: it was published or condemned before",
        context: .init(day: day.day))
    }
  }

  private func coverFirst(_ days: [DayPublication], in transaction: PostgresTransaction) async throws {
    guard !days.isEmpty else { return }
    let changed = try await transaction.query(
      """
      INSERT INTO tokyo_data.coverage AS c
      SELECT \(name), n.day::date, 'both', n.version
      FROM unnest(\(days.map { "\($0.day)" })::text[],
        \(days.compactMap { $0.version.map { "\($0.id)" } })::text[]) AS n(day, version)
      ON CONFLICT DO NOTHING RETURNING c.day
      """)
    try require(days, changed)
  }

  private func coverAgain(_ days: [DayPublication], in transaction: PostgresTransaction) async throws {
    guard !days.isEmpty else { return }
    let changed = try await transaction.query(
      """
      UPDATE tokyo_data.coverage c SET version = n.version
      FROM unnest(\(days.map { "\($0.day)" })::text[], \(days.map(\.base.state.rawValue))::text[],
        \(days.map { $0.base.version.map { "\($0)" } ?? "" })::text[],
        \(days.compactMap { $0.version.map { "\($0.id)" } })::text[]) AS n(day, state, base, version)
      WHERE c.dataset = \(name) AND c.day = n.day::date AND c.state = n.state
        AND c.version IS NOT DISTINCT FROM nullif(n.base, '') RETURNING c.day
      """)
    try require(days, changed)
    try await transaction.execute(
      """
      UPDATE tokyo_data.versions SET state = 'unused', unused_since = clock_timestamp()
      WHERE dataset = \(name) AND version = ANY(\(days.compactMap { $0.base.version.map { "\($0)" } }))
        AND state = 'current'
      """)
  }

  private func requireUnchanged(_ days: [DayPublication], in transaction: PostgresTransaction) async throws {
    guard !days.isEmpty else { return }
    let unchanged = try await transaction.query(
      """
      SELECT c.day FROM tokyo_data.coverage c
      JOIN unnest(\(days.map { "\($0.day)" })::text[], \(days.map(\.base.state.rawValue))::text[],
        \(days.map { $0.base.version.map { "\($0)" } ?? "" })::text[]) AS n(day, state, base)
        ON c.day = n.day::date AND c.state = n.state AND c.version IS NOT DISTINCT FROM nullif(n.base, '')
      WHERE c.dataset = \(name) FOR UPDATE OF c
      """)
    try require(days, unchanged)
  }

  private func delete(_ marks: [Mark], in transaction: PostgresTransaction) async throws {
    try await LedgerReading(session: transaction).delete(marks, of: dataset.name)
  }

  /// Every day is among those that the statement found as they were.
  private func require(_ days: [DayPublication], _ found: ColumnBatch) throws(TokyoDataError) {
    var unchanged: Set<Day> = []
    for row in 0..<found.rowCount {
      if case .date(let day) = found.columns[0][row] { unchanged.insert(day) }
    }
    for day in days where !unchanged.contains(day.day) { throw Self.moved.adding(.init(day: day.day)) }
  }
}
