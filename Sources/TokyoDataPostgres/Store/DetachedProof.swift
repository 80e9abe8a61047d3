internal import TokyoDataCore

/// The second half of a partition's retirement: hash the detached table day by day under lock, and drop it if
/// every day is the copy; else its differing days become suspect and it stays.
struct DetachedProof {
  let detached: DetachedTable
  let transaction: PostgresTransaction

  /// - Returns: the days that differ, now suspect; none where the table is proven and gone.
  func run(step: (RetireStep) -> Void) async throws -> [Day] {
    try await transaction.execute(
      script: "SET LOCAL row_security = off; SET LOCAL statement_timeout = 0; \(LockWaits.areShort)")
    let waiting = try await transaction.ask(
      """
      SELECT differing FROM tokyo_data.detached
      WHERE dataset = \("\(detached.dataset)") AND name = \(detached.name.text) FOR UPDATE
      """)
    // Another process was faster.
    guard waiting.rowCount == 1, waiting.columns[0][0].isNull else { return [] }
    let differing = try await differences()
    guard differing.isEmpty else {
      try await declareSuspect(differing)
      return differing
    }
    step(.beforeDrop)
    try await transaction.execute("DROP TABLE \(detached.name.sql)")
    try await detached.forget(in: transaction)
    return []
  }

  private func differences() async throws -> [Day] {
    let all = detached.expected.map(\.day)
    let description: TableDescription
    do { description = try await TableDescription(detached.name, in: transaction) } catch let error
      as TokyoDataError where error.code == .notFound
    {
      // Renamed or dropped before it was proven: what it held can no longer be told.
      return all
    }
    try await transaction.execute("LOCK TABLE ONLY \(detached.name.sql) IN ACCESS EXCLUSIVE MODE")
    guard try await isAlone(description) else { return all }
    let (dataset, _) = try await LedgerReading(session: transaction).dataset(detached.dataset)
    let table = try description.source(of: dataset)
    let held = try await daysHeld(table, dataset)
    var differing = held.days.filter { !detached.isExpected($0) }
    var rows = 0
    for expectation in detached.expected {
      let found = try await hash(expectation.day, table, dataset)
      rows += found.rowCount
      if "\(found)" != expectation.rowHash { differing.insert(expectation.day) }
    }
    // Rows of no day of the partition: somebody wrote to the detached table itself.
    if differing.isEmpty, rows != held.rows { return all.isEmpty ? Array(held.days) : all }
    return differing.sorted()
  }

  /// Nobody made it a partition again, of this table or another.
  private func isAlone(_ description: TableDescription) async throws -> Bool {
    let rows = try await transaction.ask(
      """
      SELECT NOT relispartition AS is_alone FROM pg_catalog.pg_class
      WHERE oid = \(Int64(description.oid))::oid
      """)
    return rows.columns[0][0] == .bool(true)
  }

  private func daysHeld(_ table: SourceTable, _ dataset: Dataset) async throws -> (days: Set<Day>, rows: Int)
  {
    let within = try table.within([bounds], of: dataset)
    let day = table.dayExpression(of: dataset)
    let days = try await transaction.ask(
      "SELECT DISTINCT \(day) AS day FROM ONLY \(table.name.sql) WHERE \(within)")
    let count = try await transaction.ask("SELECT count(*) AS rows FROM ONLY \(table.name.sql)")
    return (Set((0..<days.rowCount).compactMap { days.day(0, $0) }), Int(count.columns[0].integer(0)))
  }

  private var bounds: TimeRange {
    TimeRange(from: detached.bounds.range.lowerBound.start, until: detached.bounds.range.upperBound.start)
  }

  private func hash(_ day: Day, _ table: SourceTable, _ dataset: Dataset) async throws -> RowHash {
    var hash = RowHash()
    try await transaction.withCopyOut(
      """
      SELECT \(table.selectList) FROM ONLY \(table.name.sql)
      WHERE \(try table.within([TimeRange(day...day)], of: dataset))
      """, as: dataset.schema, from: table.sources
    ) { batches in for try await batch in batches { hash.add(batch) } }
    return hash
  }

  /// A day that was never exported has no row in the ledger yet.
  private func declareSuspect(_ days: [Day]) async throws {
    try await transaction.execute(
      """
      INSERT INTO tokyo_data.coverage AS c (dataset, day, state)
      SELECT \("\(detached.dataset)"), n.day::date, 'suspect' FROM unnest(\(days.map { "\($0)" })::text[]) AS n(day)
      ON CONFLICT (dataset, day) DO UPDATE SET state = 'suspect'
      """)
    try await transaction.execute(
      """
      UPDATE tokyo_data.detached SET differing = \(try LedgerText.encode(days))
      WHERE dataset = \("\(detached.dataset)") AND name = \(detached.name.text)
      """)
    try await transaction.execute(
      """
      UPDATE tokyo_data.datasets SET epoch = \(Int64.random(in: .min ... .max))
      WHERE name = \("\(detached.dataset)")
      """)
  }
}
