internal import TokyoDataAWS

/// A dataset with columns of every type and a version a day, always the same ones.
struct CatalogScenario {
  private static let firstDay = Day(daysSince1970: 20_454)

  private let dataset: Dataset
  private let records: [VersionRecord]
  private let catalog: GlueCatalog

  init(database: String, bucket: String, count: Int) throws {
    let layout = try LakeLayout(prefix: "a lake/of ours")
    let dataset = try Dataset(
      DatasetName("events"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
        ColumnField("Flag", .bool), ColumnField("tiny", .int8), ColumnField("small", .int16),
        ColumnField("middle", .int32), ColumnField("single", .float), ColumnField("double", .double),
        ColumnField("amount", .decimal(precision: 12, scale: 2)), ColumnField("note", .string),
        ColumnField("raw", .bytes), ColumnField("born", .date), ColumnField("noon", .time),
        ColumnField("local", .localTimestamp),
      ]), primaryKey: ["id"], timeColumn: "at")
    self.dataset = dataset
    records = try (0..<count).map { number in
      let day = Self.firstDay.advanced(by: number)
      let digits = String(number, radix: 16)
      let text = "20260901T020304Z-" + String(repeating: "0", count: 12 - digits.count) + digits
      guard let id = VersionID(text) else { throw Wrong("\(text) is no version") }
      return VersionRecord(
        id: id, day: day, location: layout.location(of: id, day: day, in: dataset),
        schemaFingerprint: dataset.schemaFingerprint, snapshot: "s", exportedAt: day.next.start)
    }
    catalog = try GlueCatalog(database: database, bucket: bucket, layout: layout, session: AWSSession())
  }

  func run(_ step: String) async throws {
    switch step {
    case "plan": try print(partitions)
    case "sync":
      try await catalog.add(partitions, of: dataset)
      try await catalog.show(records, of: dataset)
    case "read":
      try print(try await catalog.partitions(of: records, in: dataset).sorted { $0.version < $1.version })
      try JSONLine.print(["shown": try await catalog.shown(of: dataset).map(\.description)])
    default: throw Wrong("a catalog has no \(step)")
    }
  }

  private var partitions: [CatalogPartition] { records.map { CatalogPartition($0, of: dataset) } }

  private func print(_ partitions: [CatalogPartition]) throws {
    for partition in partitions {
      try JSONLine.print([
        "version": partition.version.description, "day": partition.day?.description ?? "",
        "location": partition.location, "fingerprint": partition.schemaFingerprint,
      ])
    }
  }
}
