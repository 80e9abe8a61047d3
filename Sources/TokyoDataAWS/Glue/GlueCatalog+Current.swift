public import TokyoDataCore
internal import TokyoDataLake

extension GlueCatalog {
  /// Points the table of current versions at these.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for two versions of one day, before anything is changed.
  public func show(_ current: [VersionRecord], of dataset: Dataset) async throws {
    try await run(dataset, "show") {
      let table = try LakeTable(.current, of: dataset, root: root)
      var wanted: [[String]: CatalogPartition] = [:]
      for record in current {
        let values = table.values(of: record.id, day: record.day)
        guard wanted.updateValue(CatalogPartition(record, of: dataset), forKey: values) == nil else {
          throw TokyoDataError(
            .invalidArgument, "a day has one current version", context: .init(day: record.day))
        }
      }
      guard dataset.isDated else {
        try await settle(table) { point(&$0, at: wanted.values.first, in: table) }
        return
      }
      try await settle(table)
      for round in 0... {
        let changes = ShownChanges(
          from: try await glue.partitions(of: table.name), to: wanted, in: table)
        guard !changes.isEmpty else { return }
        guard round < rounds.count else {
          throw TokyoDataError(.conflict, "somebody else changes what the catalog shows")
        }
        if round > 1 { try await rounds.wait(before: round) }
        try await make(changes, of: dataset, in: table)
      }
    }
  }

  /// The versions that the table of current ones points at, by day.
  public func shown(of dataset: Dataset) async throws -> [VersionID] {
    try await run(dataset, "read") {
      let table = try LakeTable(.current, of: dataset, root: root)
      guard dataset.isDated else {
        let version = try await glue.table(table.name)?.parameters?[GlueParameter.version]
        return version.flatMap(VersionID.init).map { [$0] } ?? []
      }
      return try await orEmpty { try await glue.partitions(of: table.name) }
        .compactMap(table.catalogPartition)
        .sorted(by: { ($0.day?.daysSince1970 ?? 0) < ($1.day?.daysSince1970 ?? 0) })
        .map(\.version)
    }
  }

  /// Takes versions out of the table of current ones.
  func hide(_ versions: [VersionRecord], of dataset: Dataset) async throws {
    let table = try LakeTable(.current, of: dataset, root: root)
    let removed = Set(versions.map(\.id))
    guard dataset.isDated else {
      guard let shown = try await shown(of: dataset).first, removed.contains(shown) else { return }
      try await settle(table) {
        guard let version = $0.parameters?[GlueParameter.version].flatMap(VersionID.init),
          removed.contains(version)
        else { return }
        point(&$0, at: nil, in: table)
      }
      return
    }
    let days = Set(versions.map { table.values(of: $0.id, day: $0.day) })
    _ = try await orEmpty {
      let shown = try await glue.get(Array(days), in: table.name, rounds)
        .filter { table.catalogPartition($0).map { removed.contains($0.version) } ?? false }
      try await glue.delete(shown.map(\.values), in: table.name, rounds)
      return shown
    }
  }

  private func make(_ changes: ShownChanges, of dataset: Dataset, in table: LakeTable) async throws {
    // A version's files have the columns that they had when it was added, not those of today.
    let versions = try LakeTable(.versions, of: dataset, root: root)
    let added = (changes.new + changes.changed).map { versions.partition($0) }
    let stored = try await orEmpty { try await glue.get(added.map(\.values), in: versions.name, rounds) }
    let columns = Dictionary(
      stored.compactMap { found in
        versions.catalogPartition(found).map { ($0.version, found.storageDescriptor?.columns) }
      }
    ) { first, _ in first }
    func partition(_ wanted: CatalogPartition) -> GluePartition {
      table.partition(wanted, columns: columns[wanted.version] ?? nil)
    }
    try await glue.update(changes.changed.map(partition), in: table.name, rounds)
    try await glue.create(changes.new.map(partition), in: table.name, rounds)
    try await glue.delete(changes.gone, in: table.name, rounds)
  }

  /// Points the table of an undated dataset, which has no partitions, at a version or at nothing.
  private func point(_ glueTable: inout GlueTable, at version: CatalogPartition?, in table: LakeTable) {
    glueTable.storageDescriptor?.location = version.map(table.location) ?? table.emptyLocation
    glueTable.parameters?[GlueParameter.version] = version?.version.description
    glueTable.parameters?[GlueParameter.fingerprint] = version?.schemaFingerprint
  }
}

/// What has to change for a table of current versions to show what it should.
private struct ShownChanges {
  var new: [CatalogPartition] = []
  var changed: [CatalogPartition] = []
  /// The values of partitions that are to go.
  var gone: [[String]] = []

  var isEmpty: Bool { new.isEmpty && changed.isEmpty && gone.isEmpty }

  init(from there: [GluePartition], to wanted: [[String]: CatalogPartition], in table: LakeTable) {
    var left = wanted
    for found in there {
      guard let partition = left.removeValue(forKey: found.values) else {
        gone.append(found.values)
        continue
      }
      if table.catalogPartition(found) != partition { changed.append(partition) }
    }
    new = left.values.sorted { $0.version < $1.version }
  }
}
