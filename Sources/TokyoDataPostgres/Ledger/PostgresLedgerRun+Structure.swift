internal import TokyoDataCore

extension PostgresLedgerRun {
  /// Under the lock no export is under way, so of a day's marks one suffices.
  func collapseMarks() async throws {
    try await connection.execute(
      """
      DELETE FROM tokyo_data.marks m WHERE m.dataset = \(name) AND EXISTS (
        SELECT FROM tokyo_data.marks other
        WHERE other.dataset = m.dataset AND other.day = m.day AND other.xid > m.xid)
      """)
  }

  /// Marks the exported days that a change of the table's structure, or a clock set back, may concern.
  func noteStructure() async throws {
    guard let timeColumn = dataset.timeColumn else { return }
    try await connection.withTransaction { transaction in
      // The record first: a change that enters it meanwhile would otherwise look like one that nobody noted.
      let earlier = try await StructureRecord(of: dataset, in: transaction).structure
      let description = try await TableDescription(table, in: transaction)
      let now = try await TableStructure(of: description, timeColumn: timeColumn, in: transaction)
      let changes = earlier.map { now.changes(since: $0) } ?? .init(touched: [.unbounded])
      for range in changes.touched { try await markExported(in: range, transaction) }
      for range in changes.emptied { try await suspectOverlay(in: range, timeColumn, transaction) }
      if earlier != now {
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
    let days = Self.days(in: range)
    try await transaction.execute(
      """
      INSERT INTO tokyo_data.marks SELECT dataset, day, '0'::xid8 FROM tokyo_data.coverage
      WHERE dataset = \(name) AND state = 'both' AND day BETWEEN \(days.lowerBound) AND \(days.upperBound)
      ON CONFLICT DO NOTHING
      """)
  }

  /// A mark of a cold day tells of rows that replace cold ones; where such a day now has none, they went
  /// with their partition's rows, and what they replaced would come back.
  private func suspectOverlay(
    in range: TimeRange, _ timeColumn: String, _ transaction: PostgresTransaction
  ) async throws {
    let days = Self.days(in: range)
    let bounds = DayBounds(of: dataset, day: "c.day")
    let time: PostgresStatement = "t.\(identifier: timeColumn)"
    let changed = try await transaction.execute(
      """
      UPDATE tokyo_data.coverage c SET state = 'suspect'
      WHERE c.dataset = \(name) AND c.state = 'cold'
        AND c.day BETWEEN \(days.lowerBound) AND \(days.upperBound)
        AND EXISTS (SELECT FROM tokyo_data.marks m
          WHERE m.dataset = c.dataset AND m.day = c.day AND m.xid <> '0'::xid8)
        AND NOT EXISTS (SELECT FROM \(table.sql) t
          WHERE \(time) >= \(bounds.from) AND \(time) < \(bounds.until))
      """)
    if changed > 0 { try await renewEpoch(in: transaction) }
  }

  private static func days(in range: TimeRange) -> ClosedRange<Day> {
    let first = range.from?.day ?? Day(daysSince1970: -2_000_000)
    let last = range.until.map { $0.adding(microseconds: -1).day } ?? Day(daysSince1970: 2_000_000)
    return min(first, last)...last
  }
}

/// The bounds of a day of the ledger in the terms of a dataset's time column, for SQL over both.
struct DayBounds {
  let from: PostgresStatement
  let until: PostgresStatement

  init(of dataset: Dataset, day: String) {
    let isInstant = dataset.timeType == .timestamp
    from = isInstant ? "\(unescaped: day)::timestamp AT TIME ZONE 'UTC'" : "\(unescaped: day)"
    until =
      isInstant ? "(\(unescaped: day) + 1)::timestamp AT TIME ZONE 'UTC'" : "(\(unescaped: day) + 1)"
  }
}
