public import TokyoDataCore
public import TokyoDataLake

extension GlueCatalog {
  /// Brings both tables, and their partitions, to what they should be.
  ///
  /// Partitions of versions that the ledger does not know go, if they bear our mark. What others noted on
  /// tables is kept.
  public func repair(_ dataset: Dataset, to content: CatalogContent) async throws {
    try await run(dataset, "repair") {
      let versions = try LakeTable(.versions, of: dataset, root: root)
      try await settle(versions) { versions.mend(&$0) }
      try await repairPartitions(of: versions, to: content)
    }
    try await show(content.current, of: dataset)
    try await run(dataset, "repair") {
      let current = try LakeTable(.current, of: dataset, root: root)
      try await settle(current) {
        // Where an undated dataset's version lies, `show` has just said.
        current.mend(&$0)
      }
      if dataset.isDated { try await repairPartitions(of: current, to: content) }
    }
  }

  /// Deletes both tables; the lake's files stay.
  public func drop(_ dataset: Dataset) async throws {
    try await run(dataset, "drop") {
      var own: [String] = []
      for role in [LakeTable.Role.current, .versions] {
        let table = try LakeTable(role, of: dataset, root: root)
        guard let there = try await glue.table(table.name) else { continue }
        _ = try table.table(after: there)
        own.append(table.name)
      }
      for name in own { try await glue.deleteTable(name) }
    }
  }

  private func repairPartitions(of table: LakeTable, to content: CatalogContent) async throws {
    let changes = try GlueContent(content, in: table).changes(from: try await partitions(in: table))
    try await glue.update(changes.changed, in: table.name, rounds)
    try await glue.create(changes.new, in: table.name, rounds)
    try await glue.delete(changes.gone, in: table.name, rounds)
  }
}
