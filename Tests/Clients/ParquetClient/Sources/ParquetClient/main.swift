import TokyoDataParquet

/// Writes one row to memory and reads it back.
func roundTrip() async throws -> ColumnBatch {
  let schema = try ColumnSchema([ColumnField("id", .int64, isNullable: false)])
  var rows = ColumnBatchBuilder(schema)
  try rows.append(row: [.int(42)])
  var writer = try ParquetWriter(schema: schema, sink: ParquetBytes())
  try await writer.write(rows.finish())
  let file = try await ParquetFile(source: writer.finish().sink)
  return try await file.read(rowGroup: 0)
}

print("TokyoDataParquet can be used alone: \(try await roundTrip().rowCount) row written and read")
