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

  /// What the query wrote.
  struct Written: Sendable {
    /// The files in the list's order; they hold no order of rows.
    var files: [StoredObject]
    /// Everything that lies in the folder, whether the list names it or not.
    var keys: [ObjectKey]
  }

  /// Looks up what the query wrote.
  ///
  /// - Throws: `TokyoDataError.notFound` where the list or one of its files is not there, `.invalidData` for a list
  ///   that leads elsewhere: whoever can write it must not make us read what is not the query's.
  func written() async throws -> Written {
    let store = try objects.store(folder.bucket)
    guard manifest.bucket == folder.bucket else { throw foreign() }
    async let listed = store.list(prefix: folder.key)
    let bytes: [UInt8]
    do { bytes = try await store.get(manifest.objectKey) } catch let error as TokyoDataError
      where error.code == .notFound
    {
      throw TokyoDataError(
        .notFound, "the list of the files that the query wrote is not there", context: ResultColumns.context,
        cause: error)
    }
    let there = try await listed
    let sizes = Dictionary(there.map { ($0.key, $0.size) }, uniquingKeysWith: { $1 })
    let files = try String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
      let place = try S3Location(String(line))
      guard place.bucket == folder.bucket, place.key.hasPrefix(folder.key) else { throw foreign() }
      let key = try place.objectKey
      guard let size = sizes[key] else {
        throw TokyoDataError(
          .notFound, "a file that the query wrote is no longer there", context: ResultColumns.context)
      }
      return StoredObject(key: key, size: size)
    }
    return Written(files: files, keys: there.map(\.key))
  }

  /// The first piece of the files, which tells their columns.
  func begin(_ files: [StoredObject]) async throws -> UnloadPieces.Fetched? {
    try await UnloadPieces(of: files, in: try objects.store(folder.bucket)).next()
  }

  /// Hands on the rows of all pieces as batches of a schema; while those of one are taken the next is fetched.
  func read(
    from first: UnloadPieces.Fetched?, as schema: ColumnSchema, _ consume: (ColumnBatch) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: UnloadPieces.Fetched?.self) { group in
      var fetched = first
      while let (piece, rest) = fetched {
        group.addTask { try await rest.next() }
        try await read(piece, as: schema, consume)
        fetched = try await group.next() ?? nil
      }
    }
  }

  private func read(
    _ piece: UnloadPiece, as schema: ColumnSchema, _ consume: (ColumnBatch) async throws -> Void
  ) async throws {
    let parquet = piece.parquet
    guard parquet.schema.count == schema.count, parquet.unsupportedColumns.isEmpty else {
      throw TokyoDataError(
        .invalidData, "a file of \(parquet.schema.count) columns where \(schema.count) are due",
        context: ResultColumns.context)
    }
    var batches = parquet.batches(rowGroups: Array(piece.rowGroups)).makeAsyncIterator()
    while let batch = try await piece.file.naming({ try await batches.next() }) {
      try await consume(try batch.fitted(to: schema))
    }
  }

  private func foreign() -> TokyoDataError {
    TokyoDataError(
      .invalidData, "the list of the query's files names one that is not the query's",
      context: ResultColumns.context)
  }
}

extension StoredObject {
  /// Runs what reads the object; its errors name it.
  func naming<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as ParquetError {
      throw TokyoDataError(error, file: key.name, context: ResultColumns.context)
    }
  }
}
