import Foundation
import Testing
import TokyoDataLake
import TokyoDataParquet
import TokyoDataTesting

@Suite("VersionChecker")
struct VersionCheckerTests {
  let lake: LakeScenario
  let record: VersionRecord
  let file: String
  let manifestName: String

  init() async throws {
    lake = try LakeScenario()
    var options = VersionWriterOptions()
    options.rowGroupRows = 400
    record = try await lake.write([lake.rows(0..<1_000)], options: options)
    file = "\(record.location)/part-00000.snappy.parquet"
    manifestName = "\(record.location)/_manifest.json"
  }

  var checker: VersionChecker { VersionChecker(lake.lake, lake.dataset) }

  func findings() async throws -> [VersionFinding] { try await checker.findings(of: record) }

  /// Replaces a version's file by other rows or columns, and the manifest's size and checksum with it, so
  /// that only the content differs.
  func rewrite(_ batch: ColumnBatch) async throws {
    var writer = try ParquetWriter(schema: batch.schema, sink: ParquetBytes())
    try await writer.write(batch)
    let bytes = try await writer.finish().sink.bytes
    try lake.folder.write(bytes, to: file)
    try changeManifest { json in
      var files = json["files"] as? [[String: Any]] ?? []
      files[0]["bytes"] = bytes.count
      files[0]["checksum"] = Self.checksum(bytes)
      files[0]["rows"] = batch.rowCount
      json["files"] = files
    }
  }

  func changeManifest(_ change: (inout [String: Any]) throws -> Void) throws {
    var json = try #require(
      try JSONSerialization.jsonObject(with: Data(lake.folder.read(manifestName))) as? [String: Any])
    try change(&json)
    try lake.folder.write(Array(JSONSerialization.data(withJSONObject: json)), to: manifestName)
  }

  static func checksum(_ bytes: [UInt8]) -> String {
    "xxh64:" + String(repeating: "0", count: 16 - String(XXH64.hash(bytes, seed: 0), radix: 16).count)
      + String(XXH64.hash(bytes, seed: 0), radix: 16)
  }

  func wholeRows() async throws -> ColumnBatch {
    let parquet = try await ParquetFile(source: ParquetBytes(lake.folder.read(file)))
    var builder = ColumnBatchBuilder(parquet.schema)
    for group in parquet.rowGroups.indices {
      let batch = try await parquet.read(rowGroup: group)
      for row in 0..<batch.rowCount { try builder.append(row: row, of: batch) }
    }
    return try builder.finish()
  }

  @Test("a sound version has no findings, and verifies")
  func findsNothing() async throws {
    #expect(try await findings() == [])
    try await checker.check(record)
    try await checker.verify(record)
  }

  @Test("rewritten with the same rows, a version still hashes alike")
  func acceptsSameRows() async throws {
    try await rewrite(wholeRows())
    // Only what is not content differs: sizes.
    #expect(try await findings().allSatisfy { $0.message.contains("size") })
  }

  @Test("any changed byte of a file is found", arguments: [0, 4, 1_000, -4, -9, -200])
  func findsChangedByte(at offset: Int) async throws {
    var bytes = try lake.folder.read(file)
    bytes[offset < 0 ? bytes.count + offset : offset] ^= 1
    try lake.folder.write(bytes, to: file)
    let findings = try await findings()
    #expect(findings.contains { $0.file == "part-00000.snappy.parquet" && $0.message.contains("checksum") })
    let error = await LakeScenario.error { try await checker.check(record) }
    #expect(error?.code == .verificationFailed)
    #expect(error?.message.contains("part-00000.snappy.parquet") == true)
    #expect(error?.context.day == LakeScenario.day)
  }

  @Test("a missing file, a shortened one and one too many are found")
  func findsObjects() async throws {
    let bytes = try lake.folder.read(file)
    try lake.folder.write(bytes, to: "\(record.location)/part-00001.snappy.parquet")
    #expect(try await findings().map(\.file) == ["part-00001.snappy.parquet"])
    try lake.folder.remove("\(record.location)/part-00001.snappy.parquet")
    try lake.folder.write(Array(bytes.dropLast(1)), to: file)
    #expect(try await findings().first?.message.contains("bytes where the manifest says") == true)
    try lake.folder.remove(file)
    #expect(try await findings().first?.message == "the object is missing")
    try lake.folder.remove(manifestName)
    #expect(try await findings().first?.file == "_manifest.json")
  }

  @Test("one missing row is found")
  func findsMissingRow() async throws {
    try await rewrite(wholeRows().gathering(Array(0..<999)))
    let messages = try await findings().map(\.message)
    #expect(messages.contains { $0.contains("hash") })
    #expect(messages.contains { $0.contains("number of rows") })
  }

  @Test("one changed value is found")
  func findsChangedValue() async throws {
    let rows = try await wholeRows()
    var values: [[ColumnValue]] = (0..<rows.rowCount).map { rows.row($0) }
    values[500][4] = .double(-1.5)
    var builder = ColumnBatchBuilder(rows.schema)
    for row in values { try builder.append(row: row) }
    try await rewrite(builder.finish())
    #expect(try await findings().contains { $0.message.contains("hash") })
  }

  @Test("two columns of one type that changed places are found")
  func findsSwappedColumns() async throws {
    let two = try LakeScenario(LakeScenario.dataset(adding: [ColumnField("other", .double)]))
    var builder = ColumnBatchBuilder(two.dataset.schema)
    let rows = try lake.rows(0..<10)
    for row in 0..<10 { try builder.append(row: rows.row(row) + [.double(1)]) }
    let sound = try builder.finish()
    let version = try await two.write([sound])
    let swapped = try ColumnBatch(
      schema: sound.schema,
      columns: Array(sound.columns.prefix(4)) + [sound.columns[5], sound.columns[4]])
    let forged = try await two.write([swapped])
    let bytes = try two.folder.read("\(forged.location)/part-00000.snappy.parquet")
    try two.folder.write(bytes, to: "\(version.location)/part-00000.snappy.parquet")
    let found = try await VersionChecker(two.lake, two.dataset).findings(of: version)
    #expect(found.contains { $0.message.contains("hash") })
  }

  @Test("a twin that is not its column is found, though it is no part of the hash")
  func findsWrongTwin() async throws {
    let rows = try await wholeRows()
    var builder = ColumnBatchBuilder(rows.schema)
    for row in 0..<rows.rowCount {
      var values = rows.row(row)
      if row == 700, case .int(let micros) = values[5] { values[5] = .int(micros + 1) }
      try builder.append(row: values)
    }
    try await rewrite(builder.finish())
    let findings = try await findings()
    #expect(findings.contains { $0.column == "at__us" && $0.message.contains("microseconds") })
    #expect(!findings.contains { $0.message.contains("hash") })
  }

  @Test("another type, a missing column and a column too many are found by name")
  func findsOtherColumns() async throws {
    let rows = try await wholeRows()
    try await rewrite(rows.selecting(["id", "at", "tag", "amount", "at__us"]))
    #expect(try await findings().contains { $0.column == "score" })
    let fields = rows.schema.fields + [ColumnField("extra", .double)]
    try await rewrite(
      ColumnBatch(schema: ColumnSchema(fields), columns: rows.columns + [rows.columns[4]]))
    #expect(try await findings().contains { $0.column == "extra" })
    let renamed = try ColumnSchema(
      rows.schema.fields.map { $0.name == "score" ? ColumnField("points", $0.type) : $0 })
    try await rewrite(ColumnBatch(schema: renamed, columns: rows.columns))
    #expect(Set(try await findings().compactMap(\.column)) == ["score", "points"])
  }

  @Test(
    "a manifest whose statistics are not those of the rows is found",
    arguments: [
      ("minimum", "1"), ("maximum", "998"), ("nullCount", "3"), ("encodedBytes", "7"), ("type", "int32"),
    ])
  func findsWrongStatistics(field: String, value: String) async throws {
    try changeManifest { json in
      var columns = try #require(json["columns"] as? [String: [String: Any]])
      // Bounds are texts in the manifest, counts are numbers.
      let forged: Any = if let number = Int(value), !field.hasSuffix("imum") { number } else { value }
      columns["id"]?[field] = forged
      json["columns"] = columns
    }
    // The ledger's summary comes from the manifest, so the forged one is the record's too.
    let manifest = try await lake.lake.manifest(of: record, in: lake.dataset.name)
    let found = try await checker.findings(of: manifest.completing(record))
    #expect(found.map(\.column) == ["id"])
  }

  @Test("a manifest that is not the record's is found")
  func findsOtherManifest() async throws {
    let other = try await lake.write([lake.rows(0..<999)])
    var mixed = record
    mixed.rowHash = other.rowHash
    mixed.bytes += 1
    mixed.schemaFingerprint = "0000000000000000"
    let found = try await checker.findings(of: mixed).map(\.message)
    for what in ["row hash", "size", "schema fingerprint"] {
      #expect(found.contains { $0.contains(what) })
    }
    try changeManifest { $0["version"] = other.id.description }
    #expect(try await findings().count == 1)
  }

  @Test("verify finds a partition that is missing or says otherwise; check does not ask for it")
  func asksCatalog() async throws {
    try await lake.lake.catalog.remove([record], of: lake.dataset)
    try await checker.check(record)
    let missing = await LakeScenario.error { try await checker.verify(record) }
    #expect(missing?.code == .verificationFailed)
    var wrong = CatalogPartition(record, of: lake.dataset)
    wrong.location += "-elsewhere"
    try await lake.lake.catalog.add([wrong], of: lake.dataset)
    let other = await LakeScenario.error { try await checker.verify(record) }
    #expect(other?.code == .verificationFailed)
  }
}
