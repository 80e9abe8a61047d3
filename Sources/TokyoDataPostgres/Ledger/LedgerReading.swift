internal import TokyoDataCore

/// Reads the ledger's tables in a session; what is read together is of one snapshot where the session is.
struct LedgerReading {
  let session: any PostgresSession
  /// What earlier readings found, where that may spare this one something.
  var known: KnownDatasets?

  /// The definition of a dataset and the table it comes from.
  ///
  /// - Throws: `TokyoDataError.unknownDataset`.
  func dataset(_ name: DatasetName) async throws -> (dataset: Dataset, table: QualifiedName) {
    // Without marks: a serializable transaction that reads them is at odds with every writer that leaves one.
    let entry = try await entries(of: [name], marks: "'{}'::date[]").entries[0]
    return (entry.dataset, entry.table)
  }

  /// What the ledger says of datasets, in the order of their names here, and when the server was asked: the first
  /// statement of a snapshot is as old as the snapshot.
  ///
  /// - Throws: `TokyoDataError.unknownDataset`, also where nothing was ever installed.
  func entries(of names: [DatasetName]) async throws -> (entries: [LedgerEntry], asOf: Timestamp) {
    try await entries(
      of: names,
      marks: """
        ARRAY(SELECT DISTINCT m.day FROM tokyo_data.marks m WHERE m.dataset = d.name AND isfinite(m.day))
        """)
  }

  private func entries(
    of names: [DatasetName], marks: PostgresStatement
  ) async throws -> (entries: [LedgerEntry], asOf: Timestamp) {
    let rows = try await askInstalled(
      """
      SELECT now.at, d.name, d.definition, d.source_table, d.epoch, \(marks)
      FROM (SELECT statement_timestamp() AS at) AS now
      LEFT JOIN tokyo_data.datasets d ON d.name = ANY(\(names.map { "\($0)" }))
      """, for: names.first)
    guard rows.rowCount > 0, case .timestamp(let asOf) = rows.columns[0][0] else {
      throw TokyoDataError(.internal, "the server told no time")
    }
    let places = Dictionary(
      rows.texts(1).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let entries = try names.map { name in
      guard let row = places["\(name)"] else {
        throw TokyoDataError(.unknownDataset, "no such dataset is installed", context: .init(dataset: name))
      }
      let definition = rows.columns[2].text(row)
      return LedgerEntry(
        dataset: try known?.dataset(name, definedBy: definition)
          ?? LedgerText.decode(Dataset.self, from: definition),
        table: try QualifiedName(rows.columns[3].text(row)), epoch: rows.columns[4].integer(row),
        marked: rows.columns[5][row].days)
    }
    return (entries, asOf)
  }

  /// The ledger's own id.
  ///
  /// - Throws: `TokyoDataError.unknownDataset` where nothing was ever installed.
  func id() async throws -> LedgerID {
    let rows = try await askInstalled("SELECT id::text FROM tokyo_data.ledger")
    guard rows.rowCount == 1 else {
      throw TokyoDataError(.invalidData, "the ledger has \(rows.rowCount) ids, not one")
    }
    return LedgerID(rows.columns[0].text(0))
  }

  /// Asks by a statement that the session keeps prepared: every query asks the same again.
  private func askInstalled(
    _ statement: PostgresStatement, for dataset: DatasetName? = nil
  ) async throws -> ColumnBatch {
    do { return try await session.query(statement) } catch let error as PostgresError
      where PostgresServerError(in: error)?.sqlState == .undefinedTable
    {
      throw TokyoDataError(
        .unknownDataset, "no dataset was ever installed here", context: .init(dataset: dataset),
        cause: error)
    }
  }

  func names() async throws -> [DatasetName] {
    let rows = try await session.ask("SELECT name FROM tokyo_data.datasets ORDER BY name")
    return try rows.texts(0).map { try DatasetName($0) }
  }

  /// Epoch, days, marks and current versions.
  func coverage(of dataset: DatasetName) async throws -> Coverage {
    let (entries, asOf) = try await entries(of: [dataset])
    return try await coverage(of: entries[0], asOf)
  }

  /// The same, of an entry that was read in the same snapshot.
  ///
  /// Days and versions change only with the epoch: where it is the known coverage's, those are taken from
  /// there.
  func coverage(of entry: LedgerEntry, _ asOf: Timestamp) async throws -> Coverage {
    let name = entry.dataset.name
    var coverage = Coverage(epoch: entry.epoch)
    if let last = known?.coverage(of: name), last.epoch == entry.epoch {
      (coverage.days, coverage.versions) = (last.days, last.versions)
    } else {
      coverage.days = try await days(of: name)
      for version in try await versions("dataset = \("\(name)") AND state = 'current'") {
        coverage.versions[version.id] = version
      }
    }
    coverage.marked = entry.marked
    // A clock that stands before an exported day was set back: writes to it may have left no mark.
    for day in coverage.days.values where day.state == .both && day.day >= asOf.day {
      coverage.marked.insert(day.day)
    }
    known?.keep(coverage, of: name)
    return coverage
  }

  private func days(of dataset: DatasetName) async throws -> [Day: DayCoverage] {
    let rows = try await session.ask(
      "SELECT day, state, version FROM tokyo_data.coverage WHERE dataset = \("\(dataset)")")
    var days: [Day: DayCoverage] = [:]
    for row in 0..<rows.rowCount {
      guard case .date(let day) = rows.columns[0][row] else { continue }
      guard let state = DayState(rawValue: rows.columns[1].text(row)) else {
        throw TokyoDataError(
          .unsupported, "the ledger knows a state that this code does not",
          context: .init(dataset: dataset, day: day))
      }
      days[day] = DayCoverage(day: day, state: state, version: VersionID(rows.columns[2].text(row)))
    }
    return days
  }

  func marks(of dataset: DatasetName) async throws -> [Mark] {
    let rows = try await session.ask(
      """
      SELECT day, xid::text::int8 FROM tokyo_data.marks
      WHERE dataset = \("\(dataset)") AND isfinite(day) ORDER BY day, xid
      """)
    return (0..<rows.rowCount).compactMap { row in
      guard case .date(let day) = rows.columns[0][row] else { return nil }
      return Mark(day: day, transaction: UInt64(bitPattern: rows.columns[1].integer(row)))
    }
  }

  /// Deletes exactly these marks.
  func delete(_ marks: [Mark], of dataset: DatasetName) async throws {
    guard !marks.isEmpty else { return }
    try await session.execute(
      """
      DELETE FROM tokyo_data.marks m
      USING unnest(\(marks.map { "\($0.day)" })::text[], \(marks.map { "\($0.transaction)" })::text[])
        AS n(day, xid)
      WHERE m.dataset = \("\(dataset)") AND m.day = n.day::date AND m.xid = n.xid::xid8
      """)
  }

  /// The versions that meet a condition, by id.
  func versions(_ condition: PostgresStatement) async throws -> [VersionRecord] {
    let rows = try await session.ask(
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
  fileprivate var days: Set<Day> {
    guard case .list(let values) = self else { return [] }
    return Set(values.compactMap { if case .date(let day) = $0 { day } else { nil } })
  }

  fileprivate var instant: Timestamp? {
    if case .timestamp(let instant) = self { instant } else { nil }
  }
}
