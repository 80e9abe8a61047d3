internal import TokyoDataCore
internal import TokyoDataParquet

/// Reads the part of a query that lies in one version: the columns it needs of the row groups it may match.
struct VersionReader {
  let lake: Lake
  let query: ResolvedQuery
  let version: PinnedVersion
  let counter: ReadCounter

  /// Hands on batches of the query's `partialSchema`.
  func read(_ consume: (ColumnBatch) async throws -> Void) async throws {
    let record = version.record
    let (manifest, bytes) = try await lake.readManifest(of: record, in: query.dataset.name)
    counter.add(bytes: bytes)
    guard manifest.rowHash == record.rowHash else {
      throw TokyoDataError(
        .invalidData, "the manifest of version \(record.id) tells of other rows than the ledger",
        context: context)
    }
    var evaluator = PartialEvaluator(query)
    defer { counter.add(rows: evaluator.rowCount) }
    let excluded = version.excludedKeys.map { KeySet($0) }
    for file in manifest.files where !evaluator.isComplete {
      do {
        try await read(file, of: manifest) { batch in
          try evaluator.add(batch, excluding: excluded)
          for part in try evaluator.takeBatches(atEnd: false) { try await consume(part) }
          return !evaluator.isComplete
        }
      } catch let error as ParquetError {
        throw TokyoDataError(error, file: file.name, context: context)
      } catch let error as TokyoDataError {
        throw named(error, file)
      }
    }
    for part in try evaluator.takeBatches(atEnd: true) { try await consume(part) }
  }

  /// Hands on the rows of a file until `consume` wants no more.
  private func read(
    _ file: Manifest.File, of manifest: Manifest, _ consume: (ColumnBatch) async throws -> Bool
  ) async throws {
    let source = LakeFileSource(
      objects: lake.objects, key: try lake.layout.key(file.name, in: version.record.location),
      byteCount: file.bytes, counter: counter)
    let parquet = try await ParquetFile(source: source)
    guard parquet.rowCount == file.rows else {
      throw TokyoDataError(.invalidData, "\(parquet.rowCount) rows where the manifest says \(file.rows)")
    }
    let columns = try columns(in: parquet, of: manifest)
    let groups = parquet.rowGroups.indices.filter { mayMatch(parquet.rowGroups[$0], of: parquet) }
    for try await batch in parquet.batches(columns: columns, rowGroups: groups) {
      guard try await consume(batch) else { return }
    }
  }

  /// The columns that the query needs and the version has; an absent one is younger and reads as null.
  private func columns(in file: ParquetFile, of manifest: Manifest) throws -> [String] {
    var wanted = Set(query.columnsRead)
    if version.excludedKeys != nil { wanted.formUnion(query.dataset.primaryKey) }
    var names: [String] = []
    for field in query.dataset.schema.fields where wanted.contains(field.name) {
      guard let index = file.schema.index(of: field.name) else {
        guard manifest.schema.index(of: field.name) == nil else {
          throw TokyoDataError(
            .invalidData, "the file lacks a column that its manifest names",
            context: .init(column: field.name))
        }
        continue
      }
      let type = file.schema.fields[index].type
      guard type == field.type else {
        throw TokyoDataError(
          .unsupported,
          "version \(version.record.id) has the column as \(type), the dataset as \(field.type): export the "
            + "day again",
          context: .init(column: field.name))
      }
      names.append(field.name)
    }
    return names
  }

  private func mayMatch(_ group: ParquetRowGroup, of file: ParquetFile) -> Bool {
    query.mayMatch { name in
      guard let chunk = group.column(name) else {
        return file.schema.index(of: name) == nil ? ColumnBounds(absentIn: group.rowCount) : nil
      }
      return ColumnBounds(
        rowCount: group.rowCount, nullCount: chunk.statistics.nullCount, minimum: chunk.statistics.minimum,
        maximum: chunk.statistics.maximum)
    }
  }

  /// A missing or shorter file names its version: a reader must never take it for one without rows.
  private func named(_ error: TokyoDataError, _ file: Manifest.File) -> TokyoDataError {
    guard error.code == .notFound else {
      var named = error.adding(context)
      if !named.message.contains(file.name) { named.message = "\(file.name): \(named.message)" }
      return named
    }
    return TokyoDataError(
      .notFound, "version \(version.record.id) lacks its file \(file.name)", context: context, cause: error)
  }

  private var context: TokyoDataError.Context {
    TokyoDataError.Context(
      store: "lake", operation: "read", dataset: query.dataset.name, day: version.record.day)
  }
}
