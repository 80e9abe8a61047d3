internal import TokyoDataParquet

/// Reading columns of a file on a number of threads, into batches that are all kept.
struct ReadCase {
  let path: String
  let threads: Int
  /// The columns' names; all if nil.
  let columns: [String]?

  /// Opens the file and reads it to its end.
  func run() async throws -> [ColumnBatch] {
    var options = ParquetReaderOptions()
    options.parallelism = threads
    let file = try await ParquetFile(source: LocalParquetFile(path: path), options: options)
    var batches: [ColumnBatch] = []
    for try await batch in file.batches(columns: columns) { batches.append(batch) }
    return batches
  }
}
