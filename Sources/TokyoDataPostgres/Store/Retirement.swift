internal import TokyoDataCore

/// One day's retirement in one transaction: hash what the DELETE returned, and commit only if it is the copy.
///
/// No lock holds writers off. A row that came late was not removed, so it stays and replaces by key.
struct Retirement {
  let day: Day
  let version: VersionID
  let expected: RowHash
  let transaction: PostgresTransaction
  let name: QualifiedName

  /// Thrown to roll back: hot holds other rows than the copy.
  struct Difference: Error {
    var found: RowHash
    var isMarked: Bool
  }

  func run(of dataset: DatasetName, step: (RetireStep) -> Void) async throws -> RetireOutcome {
    // Lock waits are bounded; our triggers stay quiet about what they themselves protect.
    try await transaction.execute(
      script: """
        SET LOCAL row_security = off; SET LOCAL statement_timeout = 0; SET LOCAL tokyo_data.quiet = on;
        \(LockWaits.areShort)
        """)
    let (definition, _) = try await LedgerReading(session: transaction).dataset(dataset)
    let description = try await TableDescription(name, in: transaction)
    let table = try description.source(of: definition)
    try await RetireObstacles(table: table, dataset: definition).check(in: transaction)
    try await claim(dataset)
    // Marks that are visible now are of rows that the DELETE will see.
    let marks = try await LedgerReading(session: transaction).marks(of: dataset).filter { $0.day == day }
    let found = try await delete(from: table, of: definition)
    guard found == expected else {
      throw Difference(found: found, isMarked: try await isMarked(dataset))
    }
    try await LedgerReading(session: transaction).delete(marks, of: dataset)
    try await transaction.execute(
      """
      UPDATE tokyo_data.datasets SET epoch = \(Int64.random(in: .min ... .max)) WHERE name = \("\(dataset)")
      """)
    step(.beforeCommit)
    return .retired(rows: found.rowCount)
  }

  /// The day is both with this version, and nobody else changes that until the commit.
  private func claim(_ dataset: DatasetName) async throws {
    let changed = try await transaction.execute(
      """
      UPDATE tokyo_data.coverage SET state = 'cold' WHERE dataset = \("\(dataset)") AND day = \(day)
        AND state = 'both' AND version = \("\(version)")
      """)
    guard changed == 1 else {
      throw TokyoDataError(
        .conflict, "only a day that hot and lake both hold, with the version that was verified, can retire",
        context: .init(day: day))
    }
  }

  private func delete(from table: SourceTable, of dataset: Dataset) async throws -> RowHash {
    var hash = RowHash()
    try await transaction.withCopyOut(
      """
      DELETE FROM \(name.sql) WHERE \(try table.within([TimeRange(day...day)], of: dataset))
      RETURNING \(table.selectList)
      """, as: dataset.schema, from: table.sources
    ) { batches in for try await batch in batches { hash.add(batch) } }
    return hash
  }

  private func isMarked(_ dataset: DatasetName) async throws -> Bool {
    let rows = try await transaction.query(
      """
      SELECT count(*) AS marks FROM tokyo_data.marks
      WHERE dataset = \("\(dataset)") AND day = \(day) AND xid <> '0'::xid8
      """)
    return rows.columns[0].integer(0) > 0
  }
}
