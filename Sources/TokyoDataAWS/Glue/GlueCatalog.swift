public import TokyoDataCore
public import TokyoDataLake

/// The catalog of a lake on S3 in AWS Glue, where Athena and other engines find it.
///
/// A dataset has two tables in the database, named after it:
/// - `<dataset>_versions` has a partition for every version, by day and `lake_version`. A day may have several
///   of them, so a query names those it means; TokyoData's own do.
/// - `<dataset>` has a partition a day, which `show` points at that day's current version. It is for everybody
///   else. Pointing a day at another version is one change: no reader sees the day empty or twice.
///
/// The database and the tables are made when the first partition is added. A table is changed only if it is
/// still as it was read, and without leaving old versions of it behind. What others note on tables, comments
/// and parameters, is kept; a table of that name that is somebody else's is a `conflict`.
///
/// Errors are `TokyoDataError`, with the service's own as the cause.
public struct GlueCatalog: TableCatalog {
  /// `glue`.
  public let name = "glue"
  let glue: GlueClient
  /// The folder of the lake, `s3://bucket/prefix/`.
  let root: String
  let rounds: GlueRounds

  /// Makes a catalog.
  ///
  /// - Parameters:
  ///   - database: The database of Glue, in the account and region of the session.
  ///   - bucket: The bucket of the lake's object store.
  ///   - layout: Where datasets lie in it.
  ///   - session: Who calls, and where.
  ///   - clock: What waits between tries.
  /// - Throws: `TokyoDataError.invalidArgument` for a database or bucket that cannot be.
  public init(
    database: String, bucket: String, layout: LakeLayout, session: AWSSession,
    clock: any Clock<Duration> = ContinuousClock()
  ) throws(TokyoDataError) {
    try self.init(
      database: database, bucket: bucket, layout: layout, client: session.client(.glue), clock: clock)
  }

  init(
    database: String, bucket: String, layout: LakeLayout, client: AWSClient, clock: any Clock<Duration>
  ) throws(TokyoDataError) {
    try Self.check(database: database)
    guard !bucket.isEmpty, !bucket.contains("/") else {
      throw TokyoDataError(.invalidArgument, "a bucket's name is not empty and has no slash")
    }
    glue = GlueClient(client: client, database: database)
    root = "s3://\(bucket)/" + (layout.prefix.isEmpty ? "" : layout.prefix + "/")
    rounds = GlueRounds(clock: clock)
  }

  /// - Throws: `TokyoDataError.invalidArgument` for a name that no database can have.
  static func check(database: String) throws(TokyoDataError) {
    guard (1...255).contains(database.utf8.count), database == database.lowercased() else {
      throw TokyoDataError(
        .invalidArgument, "a database of Glue has 1 to 255 characters, none of them upper case")
    }
  }

  /// Adds partitions to the table of versions, in batches, and reads them back.
  public func add(_ partitions: [CatalogPartition], of dataset: Dataset) async throws {
    try await run(dataset, "add") {
      let versions = try LakeTable(.versions, of: dataset, root: root)
      var wanted: [VersionID: CatalogPartition] = [:]
      for partition in partitions {
        try Self.check(wanted[partition.version], against: partition)
        wanted[partition.version] = partition
      }
      try await settle(versions)
      let there = try await stored(Array(wanted.keys), in: versions)
      for partition in there { try Self.check(partition, against: wanted[partition.version]) }
      let known = Set(there.map(\.version))
      let missing = wanted.values.filter { !known.contains($0.version) }.sorted { $0.version < $1.version }
      guard !missing.isEmpty else { return }
      try await glue.create(missing.map { versions.partition($0) }, in: versions.name, rounds)
      try await readBack(missing, in: versions)
    }
  }

  /// Reads the partitions of versions from the table of versions.
  public func partitions(
    of versions: [VersionRecord], in dataset: Dataset
  ) async throws -> [CatalogPartition] {
    try await run(dataset, "read") {
      let table = try LakeTable(.versions, of: dataset, root: root)
      return try await orEmpty {
        try await glue.get(versions.map { table.values(of: $0.id, day: $0.day) }, in: table.name, rounds)
          .compactMap(table.catalogPartition)
      }
    }
  }

  /// Removes the partitions of versions from both tables, first from the one that outside readers see.
  public func remove(_ versions: [VersionRecord], of dataset: Dataset) async throws {
    try await run(dataset, "remove") {
      guard !versions.isEmpty else { return }
      try await hide(versions, of: dataset)
      let table = try LakeTable(.versions, of: dataset, root: root)
      let values = versions.map { table.values(of: $0.id, day: $0.day) }
      let left = try await orEmpty {
        try await glue.delete(values, in: table.name, rounds)
        return try await glue.get(values, in: table.name, rounds)
      }
      guard left.isEmpty else {
        throw TokyoDataError(.unavailable, "\(left.count) removed partitions are there still")
      }
    }
  }

  /// A version's partition is added once and never changed.
  private static func check(
    _ there: CatalogPartition?, against wanted: CatalogPartition?
  ) throws(TokyoDataError) {
    guard let there, let wanted, there != wanted else { return }
    throw TokyoDataError(
      .conflict, "the catalog has another partition of version \(wanted.version)",
      context: .init(day: wanted.day))
  }

  private func readBack(_ added: [CatalogPartition], in table: LakeTable) async throws {
    let found = try await glue.get(
      added.map { table.partition($0).values }, in: table.name, rounds
    ).compactMap(table.catalogPartition)
    let there = Dictionary(found.map { ($0.version, $0) }) { first, _ in first }
    for partition in added {
      guard let back = there[partition.version] else {
        throw TokyoDataError(
          .unavailable, "the partition of version \(partition.version) is not there after it was added",
          context: .init(day: partition.day))
      }
      try Self.check(back, against: partition)
    }
  }

  /// The partitions of versions, whichever day they are under.
  private func stored(
    _ versions: [VersionID], in table: LakeTable
  ) async throws -> [CatalogPartition] {
    var found: [CatalogPartition] = []
    // 28 ids of the longest kind are an expression that Glue takes.
    for batch in versions.sorted().batches(of: 28) {
      let list = batch.map { "'\($0)'" }.joined(separator: ",")
      found += try await glue.partitions(
        of: table.name, where: "\(LakeLayout.versionColumn) IN (\(list))"
      ).compactMap(table.catalogPartition)
    }
    return found
  }
}
