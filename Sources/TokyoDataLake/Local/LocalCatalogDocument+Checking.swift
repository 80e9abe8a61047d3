internal import TokyoDataCore

extension LocalCatalogDocument {
  /// How the document differs from what it should say.
  func findings(on dataset: Dataset, expecting content: CatalogContent) -> [CatalogFinding] {
    var described = self
    described.describe(dataset)
    var findings: [CatalogFinding] = []
    if described.columns != columns || described.partitionColumns != partitionColumns {
      findings.append(CatalogFinding(.tableColumns, "its columns are not those of the dataset"))
    }
    return findings + partitionFindings(dataset, content) + currentFindings(dataset, content)
  }

  private func partitionFindings(_ dataset: Dataset, _ content: CatalogContent) -> [CatalogFinding] {
    var there = Dictionary(partitions.map { ($0.version, $0) }) { first, _ in first }
    var findings: [CatalogFinding] = []
    for record in content.versions {
      let wanted = CatalogPartition(record, of: dataset)
      func note(_ kind: CatalogFinding.Kind, _ message: String) {
        findings.append(CatalogFinding(kind, message, version: record.id, day: wanted.day))
      }
      guard let found = there.removeValue(forKey: record.id) else {
        note(.missingPartition, "the version has no partition")
        continue
      }
      if found.location != wanted.location { note(.wrongLocation, "the partition is in \(found.location)") }
      if found.day != wanted.day || found.schemaFingerprint != wanted.schemaFingerprint {
        note(.partitionProperties, "the partition has another day or schema than the ledger's version")
      }
    }
    for extra in there.values.sorted(by: CatalogPartition.inOrder)
    where !content.underway.contains(extra.version) {
      findings.append(
        CatalogFinding(
          .extraPartition, "the ledger does not know the version", version: extra.version, day: extra.day))
    }
    return findings
  }

  private func currentFindings(_ dataset: Dataset, _ content: CatalogContent) -> [CatalogFinding] {
    var there = Set(current)
    var findings: [CatalogFinding] = []
    for wanted in content.current.map({ Current($0, of: dataset) }) where there.remove(wanted) == nil {
      findings.append(
        CatalogFinding(
          .notShown, "the current version is not shown as it is", version: wanted.version, day: wanted.day))
    }
    return findings
      + there.sorted().map {
        CatalogFinding(.wronglyShown, "it is shown, and not current", version: $0.version, day: $0.day)
      }
  }
}
