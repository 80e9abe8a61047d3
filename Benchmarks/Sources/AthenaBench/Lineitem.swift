internal import Foundation
internal import TokyoDataAWS
internal import TokyoDataParquet

/// TPC-H's lineitem in a lake: what it is, and the versions in which it lies.
struct Lineitem: Codable {
  var dataset: Dataset
  var versions: [VersionRecord]

  /// What queries read.
  var pinned: [PinnedVersion] { versions.map { PinnedVersion($0) } }

  /// How rows become versions.
  enum Days: String {
    /// One version of all rows, in the order of the key.
    case undated
    /// A version for each ship date.
    case dated
  }

  init(days: Days, schema: ColumnSchema) throws {
    dataset = try Dataset(
      DatasetName("lineitem"), schema: schema, primaryKey: ["l_orderkey", "l_linenumber"],
      timeColumn: days == .dated ? "l_shipdate" : nil)
    versions = []
  }

  init(from path: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path))
  }

  /// Writes a Parquet file's rows, which are in the order of the versions and then of the key, into the lake.
  static func load(_ path: String, days: Days, into lake: Lake) async throws -> Lineitem {
    let file = try await ParquetFile(source: LocalParquetFile(path: path))
    var lineitem = try Lineitem(days: days, schema: file.schema)
    var open: (day: Day, writer: VersionWriter)?
    for try await batch in file.batches() {
      for (day, rows) in try runs(of: batch, days) {
        if let before = open, before.day != day {
          lineitem.versions.append(try await before.writer.finish())
          open = nil
        }
        let writer = try open?.writer ?? lineitem.begin(day, in: lake)
        open = (day, writer)
        try await writer.write(rows)
      }
    }
    if let open { lineitem.versions.append(try await open.writer.finish()) }
    try await lake.catalog.add(
      lineitem.versions.map { CatalogPartition($0, of: lineitem.dataset) }, of: lineitem.dataset)
    return lineitem
  }

  /// A new version of the day, with what writes it.
  private func begin(_ day: Day, in lake: Lake) throws -> VersionWriter {
    let exported = day.next.start
    let record = lake.newVersion(
      of: dataset, day: day, id: VersionID(at: exported), snapshot: "tpch", exportedAt: exported)
    return try VersionWriter(record, of: dataset, to: lake)
  }

  /// The batch's rows by day; all of them under one day where the dataset has none.
  private static func runs(of batch: ColumnBatch, _ days: Days) throws -> [(Day, ColumnBatch)] {
    guard days == .dated else { return [(Day(daysSince1970: 20_000), batch)] }
    let shipped = try batch.column("l_shipdate").withValues(as: Int32.self) { values, _ in
      values.indices.map { values[$0] }
    }
    var runs: [(Day, ColumnBatch)] = []
    var start = 0
    while start < shipped.count {
      let end = shipped[start...].firstIndex { $0 != shipped[start] } ?? shipped.count
      var builder = ColumnBatchBuilder(batch.schema, capacity: end - start)
      for row in start..<end { try builder.append(row: row, of: batch) }
      runs.append((Day(daysSince1970: shipped[start]), try builder.finish()))
      start = end
    }
    return runs
  }
}
