internal import BenchSupport
internal import TokyoDataParquet

/// Writing a file with the writer's defaults on a number of threads.
struct WriteCase {
  let path: String
  let threads: Int

  /// Writes the batches and tells the time from the first of them until the file is closed.
  func time(_ batches: [ColumnBatch]) async throws -> (time: Duration, summary: ParquetFileSummary) {
    guard let first = batches.first else { throw BenchError("nothing is loaded") }
    let sink = try LocalParquetSink(path: path)
    let clock = ContinuousClock()
    let start = clock.now
    let summary = try await write(batches, schema: first.schema, sink: sink)
    return (clock.now - start, summary)
  }

  /// Writes so many made-up rows, each batch made when it is due and forgotten when it is written.
  func stream(rows: Int) async throws -> ParquetFileSummary {
    var source = try MadeUpRows()
    var writer = try ParquetWriter(
      schema: source.schema, options: options, sink: LocalParquetSink(path: path))
    var left = rows
    while left > 0 {
      let count = min(left, 65_536)
      try await writer.write(source.next(count))
      left -= count
    }
    return try await writer.finish().summary
  }

  /// The sink ends with this call, and with it the file is closed.
  private func write(
    _ batches: [ColumnBatch], schema: ColumnSchema, sink: consuming LocalParquetSink
  ) async throws -> ParquetFileSummary {
    var writer = try ParquetWriter(schema: schema, options: options, sink: sink)
    for batch in batches { try await writer.write(batch) }
    return try await writer.finish().summary
  }

  private var options: ParquetWriterOptions {
    var options = ParquetWriterOptions()
    options.parallelism = threads
    return options
  }
}
