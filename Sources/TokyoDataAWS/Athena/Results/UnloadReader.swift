internal import TokyoDataCore
internal import TokyoDataLake
internal import TokyoDataParquet

/// Reads the Parquet files that a query wrote.
struct UnloadReader: Sendable {
  let objects: ResultObjects
  /// The folder that the query wrote into, and nobody else.
  let folder: S3Location
  /// The list of its files.
  let manifest: S3Location

  /// The files in the list's order; they hold no order of rows.
  ///
  /// - Throws: `TokyoDataError.notFound` where the list or one of its files is not there, `.invalidData` for a list
  ///   that leads elsewhere: whoever can write it must not make us read what is not the query's.
  func files() async throws -> [StoredObject] {
    let store = try objects.store(folder.bucket)
    guard manifest.bucket == folder.bucket else { throw foreign() }
    let bytes: [UInt8]
    do { bytes = try await store.get(manifest.objectKey) } catch let error as TokyoDataError
      where error.code == .notFound
    {
      throw TokyoDataError(
        .notFound, "the list of the files that the query wrote is not there", context: ResultColumns.context,
        cause: error)
    }
    let sizes = Dictionary(
      try await store.list(prefix: folder.key).map { ($0.key, $0.size) }, uniquingKeysWith: { $1 })
    return try String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
      let place = try S3Location(String(line))
      guard place.bucket == folder.bucket, place.key.hasPrefix(folder.key) else { throw foreign() }
      let key = try place.objectKey
      guard let size = sizes[key] else {
        throw TokyoDataError(
          .notFound, "a file that the query wrote is no longer there", context: ResultColumns.context)
      }
      return StoredObject(key: key, size: size)
    }
  }

  /// The columns of a file.
  func schema(of file: StoredObject) async throws -> ColumnSchema {
    try await run(file) { try await open(file).schema }
  }

  /// Hands on the rows of the files as batches of a schema.
  func read(
    _ files: [StoredObject], as schema: ColumnSchema, _ consume: (ColumnBatch) async throws -> Void
  ) async throws {
    for file in files {
      let parquet = try await run(file) { try await open(file) }
      guard parquet.schema.count == schema.count, parquet.unsupportedColumns.isEmpty else {
        throw TokyoDataError(
          .invalidData, "a file of \(parquet.schema.count) columns where \(schema.count) are due",
          context: ResultColumns.context)
      }
      var batches = parquet.batches().makeAsyncIterator()
      while let batch = try await run(file, { try await batches.next() }) {
        try await consume(try batch.fitted(to: schema))
      }
    }
  }

  private func open(_ file: StoredObject) async throws -> ParquetFile {
    let store = try objects.store(folder.bucket)
    var options = ParquetReaderOptions()
    options.batchRows = CSVReader.batchRows
    return try await ParquetFile(
      source: LakeFileSource(objects: store, key: file.key, byteCount: file.size, counter: ReadCounter()),
      options: options)
  }

  private func run<Result>(_ file: StoredObject, _ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as ParquetError {
      throw TokyoDataError(error, file: file.key.name, context: ResultColumns.context)
    }
  }

  private func foreign() -> TokyoDataError {
    TokyoDataError(
      .invalidData, "the list of the query's files names one that is not the query's",
      context: ResultColumns.context)
  }
}
