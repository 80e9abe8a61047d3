internal import TokyoDataCore
internal import TokyoDataParquet

/// Reads one file of a version again, and holds what it finds against manifest and footer.
struct FileCheck {
  /// Files up to this size are fetched once, for checksum and rows alike; others piece by piece.
  static let wholeBytes = 64 << 20
  private static let pieceBytes = 8 << 20

  let lake: Lake
  let dataset: Dataset
  let record: VersionRecord
  let manifest: Manifest
  let file: Manifest.File

  private(set) var findings: [VersionFinding] = []
  private(set) var hash = RowHash()
  private(set) var scans: [ColumnScan] = []
  private(set) var encodedBytes: [Int] = []

  init(_ file: Manifest.File, of manifest: Manifest, _ record: VersionRecord, lake: Lake, dataset: Dataset) {
    self.file = file
    self.manifest = manifest
    self.record = record
    self.lake = lake
    self.dataset = dataset
  }

  /// Checks the file.
  ///
  /// - Throws: what the store throws, except for what is a finding: a missing or shorter object.
  mutating func run() async throws {
    let key = try lake.layout.key(file.name, in: record.location)
    do {
      let source = try await checkedSource(key)
      let parquet = try await ParquetFile(source: source)
      try await check(parquet)
    } catch let error as ParquetError {
      report(error.message, column: error.column)
    } catch let error as TokyoDataError where error.code == .invalidData || error.code == .notFound {
      report(error.message, column: error.context.column)
    }
  }

  private mutating func report(_ message: String, column: String? = nil) {
    findings.append(VersionFinding(message, file: file.name, column: column))
  }

  /// The file's bytes, after their checksum.
  private mutating func checkedSource(_ key: ObjectKey) async throws -> any ParquetSource {
    var checksum = FileChecksum()
    var whole: [UInt8]?
    if file.bytes <= Self.wholeBytes {
      let bytes = try await lake.objects.get(key, range: 0..<file.bytes)
      checksum.update(bytes)
      whole = bytes
    } else {
      for start in stride(from: 0, to: file.bytes, by: Self.pieceBytes) {
        checksum.update(
          try await lake.objects.get(key, range: start..<min(start + Self.pieceBytes, file.bytes)))
      }
    }
    if checksum.text != file.checksum { report("its bytes do not have the checksum of the manifest") }
    if let whole { return ParquetBytes(whole) }
    return LakeFileSource(objects: lake.objects, key: key, byteCount: file.bytes, counter: ReadCounter())
  }

  private mutating func check(_ parquet: ParquetFile) async throws {
    let expected = try manifest.fileSchema
    guard parquet.schema == expected, parquet.unsupportedColumns.isEmpty else {
      return reportSchema(parquet, expected)
    }
    if parquet.rowCount != file.rows {
      report("it holds \(parquet.rowCount) rows where the manifest says \(file.rows)")
    }
    scans = expected.fields.map { ColumnScan($0.type) }
    encodedBytes = expected.fields.map { field in
      parquet.rowGroups.reduce(0) { $0 + ($1.column(field.name)?.encodedBytes ?? 0) }
    }
    for index in parquet.rowGroups.indices {
      var scans = expected.fields.map { ColumnScan($0.type) }
      var rows = 0
      for try await batch in parquet.batches(rowGroups: [index]) {
        rows += batch.rowCount
        try check(batch)
        for column in scans.indices { scans[column].add(batch.columns[column]) }
      }
      if rows != parquet.rowGroups[index].rowCount {
        report("row group \(index) holds \(rows) rows where the footer says otherwise")
      }
      for (column, field) in expected.fields.enumerated() {
        check(scans[column], against: parquet.rowGroups[index].column(field.name), field)
        self.scans[column].add(scans[column])
      }
    }
  }

  private mutating func reportSchema(_ parquet: ParquetFile, _ expected: ColumnSchema) {
    for field in expected.fields {
      guard let index = parquet.schema.index(of: field.name) else {
        report("the file lacks a column of the manifest", column: field.name)
        continue
      }
      let found = parquet.schema.fields[index]
      if found != field {
        report(
          "the file has it as \(found.type), the manifest as \(field.type), or they differ in allowing nulls",
          column: field.name)
      }
    }
    for field in parquet.schema.fields where expected.index(of: field.name) == nil {
      report("the file has a column that the manifest lacks", column: field.name)
    }
    for name in parquet.unsupportedColumns {
      report("the file has a column of a type that no dataset has", column: name)
    }
    if findings.isEmpty { report("its columns are not in the manifest's order") }
  }

  private mutating func check(_ batch: ColumnBatch) throws {
    hash.add(
      try ColumnBatch(schema: manifest.schema, columns: Array(batch.columns.prefix(manifest.schema.count))))
    guard let time = dataset.timeColumn, let column = try? batch.column(time) else { return }
    if !dataset.allLie(in: record.day, column) {
      report("a row lies in another day than its version", column: time)
    }
    if let twin = manifest.microsecondTwin, try batch.column(twin) != MicrosecondTwin.column(of: column) {
      report("it does not repeat the microseconds of \(time)", column: twin)
    }
  }

  /// Statistics that are narrower than the values would make readers skip rows.
  private mutating func check(_ scan: ColumnScan, against chunk: ParquetColumnChunk?, _ field: ColumnField) {
    guard let statistics = chunk?.statistics else {
      return report("a row group lacks it", column: field.name)
    }
    if let nulls = statistics.nullCount, nulls != scan.nullCount {
      report("the footer counts \(nulls) nulls, the values have \(scan.nullCount)", column: field.name)
    }
    let bounded = statistics.minimum != nil || statistics.maximum != nil
    if scan.hasNaN, bounded { report("the footer bounds a column that holds NaN", column: field.name) }
    if let low = statistics.minimum, let least = scan.minimum, (least.order(to: low) ?? -1) < 0 {
      report("a value is below the minimum of the footer", column: field.name)
    }
    if let high = statistics.maximum, let greatest = scan.maximum, (greatest.order(to: high) ?? 1) > 0 {
      report("a value is above the maximum of the footer", column: field.name)
    }
  }
}
