internal import Synchronization
package import TokyoDataCore

/// Knows which versions an engine would find whole, for engines that take a missing one for no rows.
///
/// A version that was found once is not looked for again: nothing of it ever changes, and what is collected
/// later the ledger tells. Callers that need it at once share one look.
package final class VersionPresence: Sendable {
  private let lake: Lake
  private let width: Int
  private let found = Mutex<Set<VersionID>>([])
  private let looks = VersionLooks()
  /// Beyond it everything is forgotten, so that a program of years does not grow.
  private static let mostRemembered = 100_000

  /// - Parameter width: how many versions are looked for at once.
  package init(_ lake: Lake, width: Int = 16) {
    self.lake = lake
    self.width = max(1, width)
  }

  /// Looks for the partitions, manifests and files of versions.
  ///
  /// - Throws: `TokyoDataError.notFound` naming the day of a version that lacks one, `.invalidData` where one
  ///   is not as the record or the manifest says.
  package func require(_ versions: [VersionRecord], of dataset: Dataset) async throws {
    var joins = true
    while true {
      let unknown = found.withLock { found in versions.filter { !found.contains($0.id) } }
      guard !unknown.isEmpty else { return }
      let end = try await looks.run(for: Set(unknown.map(\.id)), joins: joins) {
        try await look(for: unknown, of: dataset)
      }
      // Another's look may have failed for a version that is none of these.
      if end == .failed { joins = false }
    }
  }

  private func look(for unknown: [VersionRecord], of dataset: Dataset) async throws {
    async let partitions: Void = requirePartitions(unknown, of: dataset)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, record) in unknown.enumerated() {
        if index >= width { try await group.next() }
        group.addTask { try await self.requireObjects(record, of: dataset) }
      }
      try await group.waitForAll()
    }
    try await partitions
    found.withLock { found in
      if found.count + unknown.count > Self.mostRemembered { found.removeAll() }
      found.formUnion(unknown.map(\.id))
    }
  }

  private func requirePartitions(_ records: [VersionRecord], of dataset: Dataset) async throws {
    let there = Dictionary(
      try await lake.catalog.partitions(of: records, in: dataset).map { ($0.version, $0) }
    ) { first, _ in first }
    for record in records {
      guard let partition = there[record.id] else {
        throw TokyoDataError(
          .notFound, "the catalog lacks the partition of version \(record.id)",
          context: context(record, dataset))
      }
      guard partition == CatalogPartition(record, of: dataset) else {
        throw TokyoDataError(
          .invalidData, "the catalog's partition of version \(record.id) is not as the record says",
          context: context(record, dataset))
      }
    }
  }

  private func requireObjects(_ record: VersionRecord, of dataset: Dataset) async throws {
    let manifest = try await lake.manifest(of: record, in: dataset.name)
    guard manifest.rowHash == record.rowHash else {
      throw TokyoDataError(
        .invalidData, "the manifest of version \(record.id) tells of other rows than the ledger",
        context: context(record, dataset))
    }
    guard let difference = try await lake.objectDifferences(manifest, record).first else { return }
    throw TokyoDataError(
      difference.isMissing ? .notFound : .invalidData, "version \(record.id): \(difference.finding)",
      context: context(record, dataset))
  }

  private func context(_ record: VersionRecord, _ dataset: Dataset) -> TokyoDataError.Context {
    TokyoDataError.Context(store: "lake", operation: "read", dataset: dataset.name, day: record.day)
  }
}
