import TokyoDataParquet

// snippet: write
func writeCities(to path: String) async throws {
  let schema = try ColumnSchema([
    ColumnField("name", .string, isNullable: false), ColumnField("area", .decimal(precision: 9, scale: 2)),
  ])
  var rows = ColumnBatchBuilder(schema)
  try rows.append(row: ["Tokyo", .decimal(Decimal128(unscaled: 219_407, scale: 2))])
  try rows.append(row: ["Atlantis", .null])

  let sink = try LocalParquetSink(path: path)
  var writer = try ParquetWriter(schema: schema, metadata: ["source": "atlas"], sink: sink)
  try await writer.write(rows.finish())
  let (summary, file) = try await writer.finish()
  try file.synchronize()
  print(summary.rowCount, summary.byteCount)
}
// end snippet

// snippet: read
func printCities(in path: String) async throws {
  let file = try await ParquetFile(source: LocalParquetFile(path: path))
  print(file.rowCount, file.schema.fields.map(\.name), file.unsupportedColumns)
  for try await batch in file.batches(columns: ["name", "area"]) {
    for row in 0..<batch.rowCount { print(batch.row(row).map { $0.text ?? "null" }) }
  }
}
// end snippet

func total(of batch: ColumnBatch) throws -> Int64 {
  // snippet: values
  // Bulk work reads the values where they lie.
  try batch.column("population").withValues(as: Int64.self) { values, validity in
    var sum: Int64 = 0
    for index in values.indices where validity[index] { sum += values[index] }
    return sum
  }
  // end snippet
}

// snippet: nested
func makeOrders() throws -> ColumnBatch {
  let line = ColumnType.structure([
    ColumnField("article", .string, isNullable: false), ColumnField("count", .int32, isNullable: false),
  ])
  let schema = try ColumnSchema([
    ColumnField("id", .int64, isNullable: false),
    ColumnField("lines", .list(of: line, isNullable: false), isNullable: false),
    ColumnField("labels", .map(.string, to: .string)),
  ])
  var orders = ColumnBatchBuilder(schema)
  try orders.append(row: [
    1, .list([.structure(["tea", 2]), .structure(["cup", 1])]),
    .map([ColumnMapEntry("color", "green")]),
  ])
  // An empty list is not null; the labels are.
  try orders.append(row: [2, .list([]), .null])
  return try orders.finish()
}
// end snippet

// snippet: options
func optionsForEvents() -> ParquetWriterOptions {
  var options = ParquetWriterOptions()
  options.codec = .zstd
  options.parallelism = 4
  var session = ParquetColumnOptions()
  session.bloomFilterFalsePositives = 0.01
  options.columns["session"] = session
  var payload = ParquetColumnOptions()
  payload.label = .json
  options.columns["payload"] = payload
  // Rows come in this order; readers of the footer may rely on it.
  options.sortingColumns = [ParquetSortingColumn(columnIndex: 0)]
  return options
}
// end snippet

// snippet: choices
func explainEncodings(_ summary: ParquetFileSummary) {
  for column in summary.columns {
    for choice in column.encodings {
      print(column.name, choice.encoding, choice.codec, choice.reason, choice.sampledBytes)
    }
  }
}
// end snippet

// snippet: sink
/// Counts what passes on its way to another sink.
struct CountingSink<Next: ParquetSink>: ParquetSink {
  var next: Next
  private(set) var byteCount = 0

  init(_ next: Next) { self.next = next }

  mutating func write(_ bytes: [UInt8]) async throws {
    byteCount += bytes.count
    try await next.write(bytes)
  }
}
// end snippet

// snippet: roll
/// Writes rows into as many files as they need.
func writeFiles<Rows: AsyncSequence>(
  _ rows: Rows, schema: ColumnSchema, path: (Int) -> String
) async throws where Rows.Element == ColumnBatch {
  var files = 0
  func next() throws -> ParquetWriter<LocalParquetSink> {
    files += 1
    return try ParquetWriter(schema: schema, sink: LocalParquetSink(path: path(files)))
  }
  var writer = try next()
  for try await batch in rows {
    try await writer.write(batch)
    if writer.isFull {
      _ = try await writer.finish()
      writer = try next()
    }
  }
  _ = try await writer.finish()
}
// end snippet

// snippet: source
/// A file that something else fetches, such as an object store's client.
struct FetchedFile: ParquetSource {
  let byteCount: Int
  let fetch: @Sendable (Range<Int>) async throws -> [UInt8]

  func read(_ range: Range<Int>) async throws -> [UInt8] { try await fetch(range) }
}

func openRemotely(
  _ size: Int, fetch: @escaping @Sendable (Range<Int>) async throws -> [UInt8]
) async throws -> ParquetFile {
  var options = ParquetReaderOptions()
  options.parallelism = 4
  options.coalescingBytes = 1 << 20
  return try await ParquetFile(source: FetchedFile(byteCount: size, fetch: fetch), options: options)
}
// end snippet

// snippet: filter
func printLargeOrders(of customer: String, in file: ParquetFile) async throws {
  let filter =
    ParquetFilter.compare("customer", .equal, .string(customer)) && .compare("units", .greater, .int(100))
  var batches = file.batches(columns: ["id", "units"], where: filter).makeAsyncIterator()
  while let batch = try await batches.next() {
    for row in 0..<batch.rowCount { print(batch.row(row).map { $0.text ?? "null" }) }
  }
  // What was left out, and why.
  print(batches.summary.rowGroups, batches.summary.rowGroupsExcludedByBounds, batches.summary.rowsCompared)
}
// end snippet

// snippet: hostile
func openUpload(_ bytes: [UInt8]) async -> ParquetFile? {
  var options = ParquetReaderOptions()
  options.limits.footerBytes = 1 << 20
  options.limits.pageBytes = 16 << 20
  options.limits.columnBytes = 16 << 20
  do { return try await ParquetFile(source: ParquetBytes(bytes), options: options) } catch {
    let error = error as? ParquetError
    switch error?.code {
    case .corrupted, .checksumMismatch: print("no sound Parquet file")
    case .encrypted, .unsupported, .unsupportedCodec: print("a file of a kind that is not read here")
    case .limitExceeded: print("a file that takes too much memory")
    default: print("the file could not be read")
    }
    return nil
  }
}
// end snippet
