public import TokyoDataCore
public import TokyoDataLake

extension GlueCatalog {
  /// Compares both tables of a dataset, and their partitions, with what they should be.
  public func findings(
    on dataset: Dataset, expecting content: CatalogContent
  ) async throws -> [CatalogFinding] {
    try await run(dataset, "check") {
      let tables = [
        try LakeTable(.versions, of: dataset, root: root), try LakeTable(.current, of: dataset, root: root),
      ]
      var findings: [CatalogFinding] = []
      for table in tables {
        let there = try await glue.table(table.name)
        // Nothing was exported yet, so there is nothing to find.
        if there == nil, content.versions.isEmpty { continue }
        let own = table.findings(on: there)
        findings += own
        guard there != nil, !own.contains(where: { $0.kind == .foreignTable }) else { continue }
        switch table.role {
        case .versions:
          findings += try GlueContent(content, in: table).findings(on: try await partitions(in: table))
        case .current where dataset.isDated:
          findings += try GlueContent(content, in: table).shownFindings(on: try await partitions(in: table))
        case .current:
          if let there { findings += undatedFindings(on: there, table, content.current.first) }
        }
      }
      return findings
    }
  }

  /// All partitions of a table, with their columns.
  func partitions(in table: LakeTable) async throws -> [GluePartition] {
    try await orEmpty { try await glue.partitions(of: table.name, withColumns: true) }
  }

  private func undatedFindings(
    on there: GlueTable, _ table: LakeTable, _ current: VersionRecord?
  ) -> [CatalogFinding] {
    let partition = current.map { CatalogPartition($0, of: table.dataset) }
    let location = partition.map(table.location) ?? table.emptyLocation
    guard
      there.storageDescriptor?.location != location
        || there.parameters?[GlueParameter.version] != current?.id.description
    else { return [] }
    return [
      CatalogFinding(
        current == nil ? .wronglyShown : .notShown, "the table does not point at the current version",
        table: table.name, version: current?.id)
    ]
  }
}

/// What the partitions of a table should be, by their values.
struct GlueContent {
  let table: LakeTable
  let content: CatalogContent
  /// The versions of a table's partitions, and how they should be.
  private(set) var wanted: [[String]: (record: VersionRecord, partition: GluePartition)] = [:]

  init(_ content: CatalogContent, in table: LakeTable) throws(TokyoDataError) {
    self.table = table
    self.content = content
    for record in table.role == .versions ? content.versions : content.current {
      // Where the manifest is lost, nothing says what the files hold.
      let columns = try content.schemas[record.id]?.glueColumns
      var partition = table.partition(CatalogPartition(record, of: table.dataset), columns: columns)
      if columns == nil { partition.storageDescriptor?.columns = nil }
      wanted[partition.values] = (record, partition)
    }
  }

  /// What is wrong with the partitions of all versions.
  func findings(on there: [GluePartition]) -> [CatalogFinding] {
    compare(there, missing: .missingPartition, "the version has no partition") { found in
      let version = table.catalogPartition(found)?.version
      guard version.map({ !content.underway.contains($0) }) ?? true else { return nil }
      var finding = CatalogFinding(
        .extraPartition, "the ledger has no version for the partition \(found.values.joined(separator: "/"))",
        table: table.name, version: version, day: table.day(of: found))
      // What has no mark of ours is somebody's.
      finding.isRepairable = found.parameters?[GlueParameter.version] != nil
      return finding
    }
  }

  /// What is wrong with the partitions of current versions.
  func shownFindings(on there: [GluePartition]) -> [CatalogFinding] {
    var right: [GluePartition] = []
    var findings: [CatalogFinding] = []
    for found in there {
      let version = table.catalogPartition(found)?.version
      if let record = wanted[found.values]?.record, let version, version != record.id {
        findings.append(
          CatalogFinding(
            .wronglyShown, "version \(version) is shown and \(record.id) is current", table: table.name,
            version: version, day: record.day))
      } else {
        right.append(found)
      }
    }
    let settled = Set(findings.compactMap(\.day))
    return findings
      + compare(right, missing: .notShown, "the current version is not shown") { found in
        CatalogFinding(
          .wronglyShown, "the day has no current version", table: table.name,
          version: table.catalogPartition(found)?.version, day: table.day(of: found))
      }.filter { $0.kind != .notShown || $0.day.map { !settled.contains($0) } ?? true }
  }

  private func compare(
    _ there: [GluePartition], missing: CatalogFinding.Kind, _ complaint: String,
    extra: (GluePartition) -> CatalogFinding?
  ) -> [CatalogFinding] {
    var left = wanted
    var findings: [CatalogFinding] = []
    for found in there {
      guard let (record, partition) = left.removeValue(forKey: found.values) else {
        if let finding = extra(found) { findings.append(finding) }
        continue
      }
      findings += table.findings(on: found, wanted: partition, of: record)
    }
    return findings
      + left.values.sorted { $0.record.id < $1.record.id }.map {
        CatalogFinding(
          missing, complaint, table: table.name, version: $0.record.id,
          day: table.dataset.isDated ? $0.record.day : nil)
      }
  }

  /// The partitions that must be written, and the values of those that must go, for a table to be as it should.
  func changes(
    from there: [GluePartition]
  ) -> (new: [GluePartition], changed: [GluePartition], gone: [[String]]) {
    var left = wanted
    var changed: [GluePartition] = []
    var gone: [[String]] = []
    for found in there {
      guard let (record, partition) = left.removeValue(forKey: found.values) else {
        let version = table.catalogPartition(found)?.version
        // What is under way is its run's affair, and what has no mark of ours is somebody's.
        if found.parameters?[GlueParameter.version] != nil,
          version.map({ !content.underway.contains($0) }) ?? true
        {
          gone.append(found.values)
        }
        continue
      }
      guard !table.findings(on: found, wanted: partition, of: record).isEmpty else { continue }
      changed.append(complete(partition, found.storageDescriptor?.columns))
    }
    return (left.values.map { complete($0.partition, nil) }, changed, gone)
  }

  /// A partition with columns: those of its files, else those that it has, else the dataset's.
  private func complete(_ partition: GluePartition, _ there: [GlueColumn]?) -> GluePartition {
    var partition = partition
    if partition.storageDescriptor?.columns == nil {
      partition.storageDescriptor?.columns = there ?? table.columns
    }
    return partition
  }
}
