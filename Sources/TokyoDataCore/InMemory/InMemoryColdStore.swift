internal import Synchronization

/// A cold store in this process: versions by id, read with the same evaluator as the lake's.
///
/// For tests and examples; what it holds ends with it.
public final class InMemoryColdStore: ColdStore {
  /// `memory-lake`.
  public let name = "memory-lake"
  private let versions = Mutex<[VersionID: [ColumnBatch]]>([:])

  /// Makes an empty store.
  public init() {}

  /// Adds a version.
  ///
  /// The batches may have fewer columns than the dataset: an absent one reads as null.
  ///
  /// - Returns: the record with the rows' number and hash, their size and, where it had none, a summary
  ///   without bounds: what the ledger should be told.
  @discardableResult
  public func add(_ record: VersionRecord, rows: [ColumnBatch]) -> VersionRecord {
    versions.withLock { $0[record.id] = rows }
    var record = record
    record.rowHash = RowHash()
    for batch in rows { record.rowHash.add(batch) }
    if record.summary.columns.isEmpty { record.summary = VersionSummary(sizesOf: rows) }
    record.bytes = record.summary.columns.values.reduce(0) { $0 + $1.encodedBytes }
    return record
  }

  /// Removes a version; reading it is then an error.
  public func remove(_ version: VersionID) {
    _ = versions.withLock { $0.removeValue(forKey: version) }
  }

  /// Reads the part of a query that lies in the versions; all are looked up before the first is read.
  public func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    // All of them first: an answer that begins and then fails helps nobody.
    let found = try versions.map { version in (version, try rows(of: version.record, query.dataset)) }
    var evaluator = PartialEvaluator(query)
    for (version, batches) in found where query.mayHoldRows(of: version.record.day) && !evaluator.isComplete {
      let excluded = version.excludedKeys.map { KeySet($0) }
      for batch in batches {
        try evaluator.add(batch, excluding: excluded)
        for part in try evaluator.takeBatches(atEnd: false) { try await consume(part) }
      }
    }
    for part in try evaluator.takeBatches(atEnd: true) { try await consume(part) }
    return ReadStatistics(
      rows: evaluator.rowCount, bytes: estimate(query, from: versions).bytes)
  }

  /// What the summaries say of the query's columns, of the days that its time range touches.
  public func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    let columns = query.columnsRead
    let surviving = versions.lazy.map(\.record).filter { query.mayHoldRows(of: $0.day) }
    return ScanEstimate(
      bytes: surviving.reduce(0) { sum, record in
        sum + columns.reduce(0) { $0 + (record.summary.columns[$1]?.encodedBytes ?? 0) }
      })
  }

  private func rows(
    of record: VersionRecord, _ dataset: Dataset
  ) throws(TokyoDataError) -> [ColumnBatch] {
    guard let rows = versions.withLock({ $0[record.id] }) else {
      throw TokyoDataError(
        .notFound, "the store has no such version",
        context: .init(store: name, dataset: dataset.name, day: record.day))
    }
    return rows
  }
}

extension ResolvedQuery {
  /// The query's time range touches the day, or days do not matter.
  fileprivate func mayHoldRows(of day: Day) -> Bool {
    !dataset.isDated || query.timeRange.touches(day)
  }
}

extension VersionSummary {
  /// Sizes and null counts of the columns of some batches, as they lie in memory; no bounds.
  fileprivate init(sizesOf batches: [ColumnBatch]) {
    self.init(columns: [:])
    for batch in batches {
      for (field, column) in zip(batch.schema.fields, batch.columns) {
        var summary =
          columns[field.name]
          ?? ColumnSummary(type: field.type, nullCount: 0, minimum: nil, maximum: nil, encodedBytes: 0)
        summary.nullCount += column.nullCount
        summary.encodedBytes += column.storage.byteCount
        columns[field.name] = summary
      }
    }
  }
}
