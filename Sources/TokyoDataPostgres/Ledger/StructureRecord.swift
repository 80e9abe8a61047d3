internal import TokyoDataCore

/// A dataset's record of its table's structure, locked until the transaction ends.
///
/// Changes of ours enter it in the transaction that makes them, so that no run takes them for changes behind
/// our back. What was not ours stays to be found. Whoever changes partitions locks the record before the table.
struct StructureRecord {
  let dataset: Dataset
  let transaction: PostgresTransaction
  /// The structure that the last run saw; nil where none was.
  let structure: TableStructure?

  init(of dataset: Dataset, in transaction: PostgresTransaction) async throws {
    self.dataset = dataset
    self.transaction = transaction
    let rows = try await transaction.ask(
      """
      SELECT structure FROM tokyo_data.datasets WHERE name = \("\(dataset.name)") FOR NO KEY UPDATE
      """)
    guard rows.rowCount == 1 else {
      throw TokyoDataError(
        .unknownDataset, "no such dataset is installed", context: .init(dataset: dataset.name))
    }
    structure =
      rows.columns[0][0].isNull
      ? nil : try LedgerText.decode(TableStructure.self, from: rows.columns[0].text(0))
  }

  /// What is to be changed is as the last run saw it: a change in its record would hide an earlier one.
  ///
  /// - Throws: `TokyoDataError.conflict`.
  func requireSeen(_ partitions: [UInt32], of table: QualifiedName) async throws {
    let now = try await current(table)
    for key in partitions.map(String.init) where now.partitions[key] != structure?.partitions[key] {
      throw TokyoDataError(.conflict, "the table's partitions changed after the run began; run it again")
    }
  }

  /// Takes into the record how these partitions now are, or that they are gone.
  func note(_ partitions: [UInt32], of table: QualifiedName) async throws {
    guard var record = structure else { return }
    let now = try await current(table)
    for key in partitions.map(String.init) { record.partitions[key] = now.partitions[key] }
    try await transaction.execute(
      """
      UPDATE tokyo_data.datasets SET structure = \(try LedgerText.encode(record))
      WHERE name = \("\(dataset.name)")
      """)
  }

  private func current(_ table: QualifiedName) async throws -> TableStructure {
    try await TableStructure(
      of: TableDescription(table, in: transaction), timeColumn: dataset.timeColumn, in: transaction)
  }
}
