public import TokyoDataCore

/// Holds a stored version against its manifest and its record: every object, byte, row and statistic.
///
/// The files are read and decoded anew, with nothing taken over from their writing.
public struct VersionChecker: Sendable {
  private let lake: Lake
  private let dataset: Dataset

  /// Makes a checker of a dataset's versions in a lake.
  public init(_ lake: Lake, _ dataset: Dataset) {
    self.lake = lake
    self.dataset = dataset
  }

  /// Checks a version before it is published.
  ///
  /// - Throws: `TokyoDataError.verificationFailed` naming the first difference with its file and column, or
  ///   what the store throws where it cannot tell.
  public func check(_ record: VersionRecord) async throws {
    try require(try await findings(of: record), record, "check")
  }

  /// Checks a version, and that the catalog knows its partition as the record says.
  ///
  /// - Throws: `TokyoDataError.verificationFailed` as for `check`.
  public func verify(_ record: VersionRecord) async throws {
    let catalog = try await catalogFindings(of: record)
    try require(catalog + (try await findings(of: record)), record, "verify")
  }

  /// Every difference between a version's record, its manifest and its files; none for a sound version.
  ///
  /// - Throws: what the store throws where it cannot tell; what is missing or broken is a finding.
  public func findings(of record: VersionRecord) async throws -> [VersionFinding] {
    let manifest: Manifest
    do { manifest = try await lake.manifest(of: record, in: dataset.name) } catch let error as TokyoDataError
      where [.notFound, .invalidData, .unsupported].contains(error.code)
    {
      return [VersionFinding(error.message, file: LakeLayout.manifestName)]
    }
    var findings = recordFindings(manifest, record)
    findings += try await lake.objectDifferences(manifest, record).map(\.finding)
    var hash = RowHash()
    var columns: [ScannedColumn] = []
    for file in manifest.files {
      var check = FileCheck(file, of: manifest, record, lake: lake, dataset: dataset)
      try await check.run()
      findings += check.findings
      hash.add(check.hash)
      for (index, scan) in check.scans.enumerated() {
        if index == columns.count { columns.append(ScannedColumn(scan: ColumnScan(scan.type))) }
        columns[index].scan.add(scan)
        columns[index].encodedBytes += check.encodedBytes[index]
      }
    }
    if hash != manifest.rowHash {
      findings.append(
        VersionFinding("the files' rows hash to \(hash), the manifest says \(manifest.rowHash)"))
    }
    // Files that could not be read leave nothing to hold the manifest's statistics against.
    if findings.isEmpty { findings += try summaryFindings(manifest, columns) }
    return findings
  }

  /// How the catalog differs from a version's record.
  public func catalogFindings(of record: VersionRecord) async throws -> [VersionFinding] {
    let expected = CatalogPartition(record, of: dataset)
    guard let found = try await lake.catalog.partitions(of: [record], in: dataset).first else {
      return [VersionFinding("the catalog lacks the partition of version \(record.id)")]
    }
    guard found == expected else {
      return [VersionFinding("the catalog's partition of version \(record.id) is not as the record says")]
    }
    return []
  }

  private func require(
    _ findings: [VersionFinding], _ record: VersionRecord, _ operation: String
  ) throws(TokyoDataError) {
    guard let first = findings.first else { return }
    let others = findings.count == 1 ? "" : ", and \(findings.count - 1) more"
    throw TokyoDataError(
      .verificationFailed,
      "version \(record.id): \(first.file.map { "\($0): " } ?? "")\(first.message)\(others)",
      context: .init(
        store: "lake", operation: operation, dataset: dataset.name, column: first.column, day: record.day))
  }
}

extension VersionChecker {
  /// What the files hold of a column.
  private struct ScannedColumn {
    var scan: ColumnScan
    var encodedBytes = 0
  }

  private func recordFindings(_ manifest: Manifest, _ record: VersionRecord) -> [VersionFinding] {
    var differences: [String] = []
    if manifest.day != record.day { differences.append("day") }
    if manifest.rowHash != record.rowHash { differences.append("row hash") }
    if manifest.bytes != record.bytes { differences.append("size") }
    if manifest.schemaFingerprint != record.schemaFingerprint { differences.append("schema fingerprint") }
    if manifest.schema.fingerprint != manifest.schemaFingerprint { differences.append("schema") }
    if manifest.summary != record.summary { differences.append("summary of columns") }
    if manifest.files.reduce(0, { $0 + $1.rows }) != record.rowHash.rowCount {
      differences.append("number of rows")
    }
    return differences.map {
      VersionFinding("its \($0) is not that of the record", file: LakeLayout.manifestName)
    }
  }

  private func summaryFindings(
    _ manifest: Manifest, _ columns: [ScannedColumn]
  ) throws -> [VersionFinding] {
    let fields = try manifest.fileSchema.fields
    var findings: [VersionFinding] = []
    func report(_ what: String, _ field: ColumnField) {
      findings.append(
        VersionFinding(
          "its \(what) is not that of the files", file: LakeLayout.manifestName, column: field.name))
    }
    if Set(manifest.columns.keys) != Set(fields.map(\.name)) {
      findings.append(VersionFinding("its summary names other columns", file: LakeLayout.manifestName))
    }
    for (field, column) in zip(fields, columns) {
      guard let summary = manifest.columns[field.name] else { continue }
      if summary.type != field.type { report("type", field) }
      if summary.nullCount != column.scan.nullCount { report("null count", field) }
      if summary.encodedBytes != column.encodedBytes { report("size", field) }
      // Bounds are exact or absent.
      if let low = summary.minimum,
        column.scan.hasNaN || column.scan.minimum.flatMap({ $0.order(to: low) }) != 0
      {
        report("minimum", field)
      }
      if let high = summary.maximum,
        column.scan.hasNaN || column.scan.maximum.flatMap({ $0.order(to: high) }) != 0
      {
        report("maximum", field)
      }
    }
    return findings
  }
}
