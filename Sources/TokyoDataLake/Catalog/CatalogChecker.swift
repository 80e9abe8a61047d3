public import TokyoDataCore

/// Compares a dataset's catalog with the ledger's versions and the lake's manifests, and mends it.
public struct CatalogChecker: Sendable {
  private let lake: Lake
  private let dataset: Dataset
  /// How many versions are looked at in the lake at once.
  private static let width = 16

  /// Makes a checker of a dataset.
  public init(_ lake: Lake, _ dataset: Dataset) {
    self.lake = lake
    self.dataset = dataset
  }

  /// Finds what is not as it should be; nothing is changed.
  ///
  /// - Parameters:
  ///   - versions: All versions of the dataset in the ledger.
  ///   - current: Those of them that readers use.
  public func check(_ versions: [VersionRecord], current: [VersionRecord]) async throws -> [CatalogFinding] {
    let (content, findings) = try await content(versions, current)
    return try await findings + lake.catalog.findings(on: dataset, expecting: content)
  }

  /// Mends the catalog; the lake's files stay as they are.
  ///
  /// - Returns: What was found before, and what is left.
  /// - Throws: `TokyoDataError.conflict` where a table of the dataset's name is somebody else's.
  public func repair(
    _ versions: [VersionRecord], current: [VersionRecord]
  ) async throws -> (found: [CatalogFinding], left: [CatalogFinding]) {
    let (content, broken) = try await content(versions, current)
    let found = try await lake.catalog.findings(on: dataset, expecting: content)
    guard !found.isEmpty else { return (broken, broken) }
    try await lake.catalog.repair(dataset, to: content)
    return (broken + found, try await broken + lake.catalog.findings(on: dataset, expecting: content))
  }

  private func content(
    _ versions: [VersionRecord], _ current: [VersionRecord]
  ) async throws -> (CatalogContent, [CatalogFinding]) {
    let kept = versions.filter { $0.collectedAt == nil }
    let readable = kept.filter { $0.state == .current || $0.state == .unused }
    var content = CatalogContent(versions: readable, current: current)
    content.underway = Set(kept.filter { $0.state == .ready || $0.state == .condemned }.map(\.id))
    var findings: [Int: [CatalogFinding]] = [:]
    try await withThrowingTaskGroup(of: (Int, ColumnSchema?, [CatalogFinding]).self) { group in
      func take(_ found: (index: Int, schema: ColumnSchema?, findings: [CatalogFinding])) {
        content.schemas[readable[found.index].id] = found.schema
        findings[found.index] = found.findings
      }
      for (index, record) in readable.enumerated() {
        if index >= Self.width, let found = try await group.next() { take(found) }
        group.addTask {
          let (schema, findings) = try await look(at: record)
          return (index, schema, findings)
        }
      }
      for try await found in group { take(found) }
    }
    return (content, readable.indices.flatMap { findings[$0] ?? [] })
  }

  /// The columns of a version's files by its manifest, and what the lake lacks of the version.
  private func look(at record: VersionRecord) async throws -> (ColumnSchema?, [CatalogFinding]) {
    func broken(_ message: String) -> CatalogFinding {
      CatalogFinding(
        .brokenVersion, message, version: record.id, day: dataset.isDated ? record.day : nil)
    }
    do {
      let manifest = try await lake.manifest(of: record, in: dataset.name)
      var findings: [CatalogFinding] = []
      if manifest.rowHash != record.rowHash {
        findings.append(broken("its manifest tells of other rows than the ledger"))
      }
      if manifest.schemaFingerprint != record.schemaFingerprint {
        findings.append(broken("its manifest has another schema than the ledger"))
      }
      findings += try await lake.objectDifferences(manifest, record).map { broken("\($0.finding)") }
      return (try manifest.fileSchema, findings)
    } catch let error as TokyoDataError where error.code == .notFound || error.code == .invalidData {
      return (nil, [broken(error.message)])
    }
  }
}
