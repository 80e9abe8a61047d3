internal import TokyoDataCore

/// A table that left a dataset's by DETACH and is not proven yet, as the ledger knows it.
struct DetachedTable {
  /// What a day must hold.
  struct Expectation: Codable, Hashable {
    var day: Day
    var rowHash: String
  }

  let dataset: DatasetName
  let name: QualifiedName
  let bounds: PartitionBounds
  /// Days that are not here must hold no rows.
  let expected: [Expectation]
  /// The days that hold something else, once it is known.
  var differing: [Day]?

  init(dataset: DatasetName, name: QualifiedName, bounds: PartitionBounds, versions: [VersionRecord]) {
    self.dataset = dataset
    self.name = name
    self.bounds = bounds
    expected = versions.map { Expectation(day: $0.day, rowHash: "\($0.rowHash)") }
  }

  func isExpected(_ day: Day) -> Bool { expected.contains { $0.day == day } }

  // MARK: The ledger

  /// The tables that are not proven, whose hashes nobody has found to differ.
  static func unproven(of dataset: DatasetName, in session: some PostgresSession) async throws -> [Self] {
    try await read("d.differing IS NULL", of: dataset, in: session)
  }

  /// The table that holds other rows of a day than its version.
  static func differing(
    on day: Day, of dataset: DatasetName, in session: some PostgresSession
  ) async throws -> Self? {
    try await read("d.differing IS NOT NULL", of: dataset, in: session)
      .first { $0.differing?.contains(day) == true }
  }

  static func read(
    _ condition: PostgresStatement, of dataset: DatasetName, in session: some PostgresSession
  ) async throws -> [Self] {
    let rows = try await session.ask(
      """
      SELECT d.name, d.from_day, d.until_day, d.versions, d.differing FROM tokyo_data.detached d
      WHERE d.dataset = \("\(dataset)") AND \(condition) ORDER BY d.from_day
      """)
    return try (0..<rows.rowCount).map { row in
      try Self(
        dataset: dataset, name: QualifiedName(rows.columns[0].text(row)),
        bounds: PartitionBounds(from: rows.day(1, row), until: rows.day(2, row)),
        expected: LedgerText.decode([Expectation].self, from: rows.columns[3].text(row)),
        differing: rows.columns[4][row].isNull
          ? nil : LedgerText.decode([Day].self, from: rows.columns[4].text(row)))
    }
  }

  private init(
    dataset: DatasetName, name: QualifiedName, bounds: PartitionBounds, expected: [Expectation],
    differing: [Day]?
  ) {
    self.dataset = dataset
    self.name = name
    self.bounds = bounds
    self.expected = expected
    self.differing = differing
  }

  func record(in transaction: PostgresTransaction) async throws {
    try await transaction.execute(
      """
      INSERT INTO tokyo_data.detached (dataset, name, from_day, until_day, versions)
      VALUES (\("\(dataset)"), \(name.text), \(bounds.range.lowerBound), \(bounds.range.upperBound),
        \(try LedgerText.encode(expected)))
      """)
  }

  func forget(in transaction: PostgresTransaction) async throws {
    try await transaction.execute(
      "DELETE FROM tokyo_data.detached WHERE dataset = \("\(dataset)") AND name = \(name.text)")
  }
}
