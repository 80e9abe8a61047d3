internal import TokyoDataCore

/// Reads the ledger's tables in a session; what is read together is of one snapshot where the session is.
struct LedgerReading {
  let session: any PostgresSession

  /// The definition of a dataset and the table it comes from.
  ///
  /// - Throws: `TokyoDataError.unknownDataset`.
  func dataset(_ name: DatasetName) async throws -> (dataset: Dataset, table: QualifiedName) {
    let rows = try await session.query(
      "SELECT definition, source_table FROM tokyo_data.datasets WHERE name = \("\(name)")")
    guard rows.rowCount == 1 else {
      throw TokyoDataError(.unknownDataset, "no such dataset is installed", context: .init(dataset: name))
    }
    let dataset = try LedgerText.decode(Dataset.self, from: rows.columns[0].text(0))
    return (dataset, try QualifiedName(rows.columns[1].text(0)))
  }

  func names() async throws -> [DatasetName] {
    let rows = try await session.query("SELECT name FROM tokyo_data.datasets ORDER BY name")
    return try rows.texts(0).map { try DatasetName($0) }
  }

  /// Epoch, days, marks and current versions.
  func coverage(of dataset: DatasetName) async throws -> Coverage {
    let name = "\(dataset)"
    let epoch = try await session.query("SELECT epoch FROM tokyo_data.datasets WHERE name = \(name)")
    guard epoch.rowCount == 1 else {
      throw TokyoDataError(.unknownDataset, "no such dataset is installed", context: .init(dataset: dataset))
    }
    var coverage = Coverage(epoch: epoch.columns[0].integer(0))
    let days = try await session.query(
      "SELECT day, state, version FROM tokyo_data.coverage WHERE dataset = \(name)")
    for row in 0..<days.rowCount {
      guard case .date(let day) = days.columns[0][row] else { continue }
      guard let state = DayState(rawValue: days.columns[1].text(row)) else {
        throw TokyoDataError(
          .unsupported, "the ledger knows a state that this code does not",
          context: .init(dataset: dataset, day: day))
      }
      coverage.days[day] = DayCoverage(
        day: day, state: state, version: VersionID(days.columns[2].text(row)))
    }
    let marked = try await session.query(
      "SELECT DISTINCT day FROM tokyo_data.marks WHERE dataset = \(name) AND isfinite(day)")
    for row in 0..<marked.rowCount {
      if case .date(let day) = marked.columns[0][row] { coverage.marked.insert(day) }
    }
    for version in try await versions("dataset = \(name) AND state = 'current'") {
      coverage.versions[version.id] = version
    }
    return coverage
  }

  func marks(of dataset: DatasetName) async throws -> [Mark] {
    let rows = try await session.query(
      """
      SELECT day, xid::text::int8 FROM tokyo_data.marks
      WHERE dataset = \("\(dataset)") AND isfinite(day) ORDER BY day, xid
      """)
    return (0..<rows.rowCount).compactMap { row in
      guard case .date(let day) = rows.columns[0][row] else { return nil }
      return Mark(day: day, transaction: UInt64(bitPattern: rows.columns[1].integer(row)))
    }
  }

  /// The versions that meet a condition, by id.
  func versions(_ condition: PostgresStatement) async throws -> [VersionRecord] {
    let rows = try await session.query(
      """
      SELECT version, day, state, location, bytes, row_hash, schema_fingerprint, exported_snapshot,
        exported_at, verified_at, unused_since, collected_at, summary
      FROM tokyo_data.versions WHERE \(condition) ORDER BY version
      """)
    return try (0..<rows.rowCount).map { try version(in: rows.row($0)) }
  }

  private func version(in row: [ColumnValue]) throws -> VersionRecord {
    guard case .string(let text) = row[0], let id = VersionID(text), case .date(let day) = row[1],
      case .string(let stateText) = row[2], let state = VersionRecord.State(rawValue: stateText),
      case .string(let location) = row[3], case .int(let bytes) = row[4], case .string(let hashText) = row[5],
      let rowHash = RowHash(hashText), case .string(let fingerprint) = row[6],
      case .string(let snapshot) = row[7], case .timestamp(let exportedAt) = row[8],
      case .string(let summary) = row[12]
    else { throw TokyoDataError(.invalidData, "the ledger holds a version that cannot be read") }
    var version = VersionRecord(
      id: id, day: day, location: location, schemaFingerprint: fingerprint, snapshot: snapshot,
      exportedAt: exportedAt)
    version.state = state
    version.bytes = Int(bytes)
    version.rowHash = rowHash
    version.verifiedAt = row[9].instant
    version.unusedSince = row[10].instant
    version.collectedAt = row[11].instant
    version.summary = try LedgerText.decode(VersionSummary.self, from: summary)
    return version
  }
}

extension ColumnValue {
  fileprivate var instant: Timestamp? {
    if case .timestamp(let instant) = self { instant } else { nil }
  }
}
