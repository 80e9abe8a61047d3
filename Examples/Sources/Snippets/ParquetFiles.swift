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
