internal import TokyoDataCore

/// The versions that a statement reads, as one snapshot of the ledger names them.
struct PinnedSources: Sendable {
  struct Pinned: Sendable {
    var source: SQLSource
    var dataset: Dataset
    var records: [VersionRecord]
  }

  private(set) var sources: [Pinned] = []

  /// Looks up the versions of all sources in one snapshot.
  ///
  /// - Throws: `TokyoDataError.daysUnavailable` naming a day whose rows are in doubt or gone.
  init(of wanted: [SQLSource], in hot: any HotStore) async throws {
    let names = Set(wanted.map(\.dataset)).sorted { $0.description < $1.description }
    guard !names.isEmpty else { return }
    sources = try await hot.withSnapshot(of: names) { snapshot in
      var sources: [Pinned] = []
      for source in wanted {
        let dataset = try await snapshot.dataset(source.dataset)
        let coverage = try await snapshot.coverage(of: source.dataset)
        sources.append(
          Pinned(
            source: source, dataset: dataset, records: try Self.records(coverage, dataset, source.timeRange)))
      }
      return sources
    }
  }

  /// The current versions of the days that a range touches; of an undated dataset the newest.
  private static func records(
    _ coverage: Coverage, _ dataset: Dataset, _ range: TimeRange
  ) throws(TokyoDataError) -> [VersionRecord] {
    let days = coverage.days.values.filter { !dataset.isDated || range.touches($0.day) }.sorted {
      $0.day < $1.day
    }
    for day in days where day.state == .expired || day.state == .suspect {
      throw TokyoDataError(
        .daysUnavailable,
        day.state == .expired
          ? "the day has left the lake" : "hot and copy of the day differ: resolve it first",
        context: .init(dataset: dataset.name, day: day.day))
    }
    let records = days.compactMap { coverage.version(of: $0.day) }
    return dataset.isDated ? records : Array(records.suffix(1))
  }

  /// The encoded bytes of all columns of what is read: what a statement scans at most.
  var encodedBytes: Int {
    sources.reduce(0) { sum, source in
      source.records.reduce(sum) { $0 + $1.summary.columns.values.reduce(0) { $0 + $1.encodedBytes } }
    }
  }

  /// What stands for a dataset in the statement.
  func subselect(
    _ source: SQLSource, in database: String, catalog: String?
  ) throws(TokyoDataError) -> String {
    guard let pinned = sources.first(where: { $0.source == source }) else {
      throw TokyoDataError(.internal, "a dataset of the statement was not looked up")
    }
    let sql = AthenaDatasetSQL(
      dataset: pinned.dataset,
      table: .versions(of: pinned.dataset, in: database, catalog: catalog))
    return try sql.subselect(from: pinned.records.map { PinnedVersion($0) }, in: source.timeRange)
  }

  /// Asks the primary whether all of the versions still stand.
  ///
  /// - Throws: `TokyoDataError.conflict` where one was collected meanwhile.
  func requireStanding(in hot: any HotStore) async throws {
    for pinned in sources where !pinned.records.isEmpty {
      let condemned = try await hot.condemned(
        among: pinned.records.map(\.id), of: pinned.dataset.name)
      guard condemned.isEmpty else {
        throw TokyoDataError(
          .conflict, "versions were collected while they were read; ask again",
          context: .init(store: "athena", operation: "query", dataset: pinned.dataset.name))
      }
    }
  }
}
