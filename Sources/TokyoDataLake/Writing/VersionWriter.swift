public import TokyoDataCore
internal import TokyoDataParquet

/// Writes one version: its files through the object store with bounded memory, then its manifest.
///
/// One task uses it: the rows in the dataset's row order, then `finish()`. After an error, or to give up, it
/// calls `abort()`; what is left of the version then is the collector's.
public final class VersionWriter {
  private let record: VersionRecord
  private let dataset: Dataset
  private let lake: Lake
  private let run: RunID?
  private let options: VersionWriterOptions
  private let step: @Sendable (VersionWriteStep) async throws -> Void
  private let schema: ColumnSchema
  private let twin: MicrosecondTwin?

  private var hash = RowHash()
  private var files: [Manifest.File] = []
  private var summaries: SummaryMerger
  private var file: ParquetWriter<VersionFileSink>?
  private var sink: VersionFileSink?

  /// Makes a writer that has written nothing yet.
  ///
  /// - Parameters:
  ///   - record: The version, already in the ledger; see ``Lake/newVersion(of:day:id:snapshot:exportedAt:)``.
  ///   - dataset: The dataset.
  ///   - lake: Where to.
  ///   - run: The run, for the manifest.
  ///   - options: How files are cut.
  ///   - step: Called where the writing stands; what it throws stops the writing there.
  /// - Throws: `TokyoDataError` where the files' columns make no schema.
  public init(
    _ record: VersionRecord, of dataset: Dataset, to lake: Lake, run: RunID? = nil,
    options: VersionWriterOptions = VersionWriterOptions(),
    step: @escaping @Sendable (VersionWriteStep) async throws -> Void = { _ in }
  ) throws(TokyoDataError) {
    self.record = record
    self.dataset = dataset
    self.lake = lake
    self.run = run
    self.options = options
    self.step = step
    schema = try dataset.fileSchema
    twin = MicrosecondTwin(dataset)
    summaries = SummaryMerger(schema)
  }

  /// Adds rows, in the dataset's row order; the batch has the dataset's columns in its order.
  ///
  /// - Throws: `TokyoDataError.invalidData` for rows of another day, `.typeMismatch` for other columns, what
  ///   Parquet cannot hold, or what the store throws.
  public func write(_ batch: ColumnBatch) async throws {
    try await inContext {
      guard batch.rowCount > 0 else { return }
      let whole = try completed(batch)
      hash.add(batch)
      if file == nil { try await beginFile() }
      try await file?.write(whole)
      if file?.isFull == true { try await endFile() }
    }
  }

  /// Ends the last file and writes the manifest.
  ///
  /// - Returns: the record, completed with what was written.
  public func finish() async throws -> VersionRecord {
    try await inContext {
      // A version without rows has a file too, which tells its columns.
      if file == nil, files.isEmpty { try await beginFile() }
      try await endFile()
      try await step(.filesWritten)
      let manifest = Manifest(
        dataset: dataset.name, version: record.id, day: record.day, schema: dataset.schema,
        schemaFingerprint: dataset.schemaFingerprint, microsecondTwin: twin?.name, rowHash: hash,
        files: files,
        columns: summaries.columns, run: run, snapshot: record.snapshot, exportedAt: record.exportedAt)
      try await lake.objects.put(
        JSONDocument.encode(manifest), as: lake.layout.key(LakeLayout.manifestName, in: record.location))
      try await step(.manifestWritten)
      return manifest.completing(record)
    }
  }

  /// Gives up the file that is being written.
  ///
  /// Files that are finished stay, without a manifest.
  public func abort() async {
    file = nil
    await sink?.upload.abort()
    sink = nil
  }

  private func completed(_ batch: ColumnBatch) throws -> ColumnBatch {
    for (field, given) in zip(dataset.schema.fields, batch.schema.fields)
    where field.name != given.name || field.type != given.type {
      throw TokyoDataError(
        .typeMismatch, "the batch has \(given.name) of type \(given.type) where \(field.type) is due",
        context: .init(column: field.name))
    }
    guard let time = dataset.timeColumn.flatMap({ dataset.schema.index(of: $0) }),
      batch.columns.indices.contains(time)
    else { return try ColumnBatch(schema: schema, columns: batch.columns, rowCount: batch.rowCount) }
    guard dataset.allLie(in: record.day, batch.columns[time]) else {
      throw TokyoDataError(
        .invalidData, "a row lies in another day than its version", context: .init(column: dataset.timeColumn)
      )
    }
    let twins = twin.map { [MicrosecondTwin.column(of: batch.columns[$0.timeIndex])] } ?? []
    return try ColumnBatch(schema: schema, columns: batch.columns + twins, rowCount: batch.rowCount)
  }

  private func beginFile() async throws {
    let key = try lake.layout.key(LakeLayout.fileName(files.count), in: record.location)
    // Failpoints concern the first file only; the others would stop at the same places.
    let isFirst = files.isEmpty
    let sink = VersionFileSink(try await lake.objects.upload(to: key)) { [step] in
      if isFirst { try await step($0) }
    }
    self.sink = sink
    var parquet = ParquetWriterOptions()
    parquet.rowGroupBytes = options.rowGroupBytes
    parquet.rowGroupRows = options.rowGroupRows
    parquet.bufferBytes = options.bufferBytes
    parquet.fileBytes = options.fileBytes
    parquet.sortingColumns = sortingColumns
    file = try ParquetWriter(
      schema: schema, options: parquet, metadata: ["tokyodata.version": record.id.description], sink: sink)
  }

  /// What of the row order every reader understands alike: texts are sorted by whatever collation hot has.
  private var sortingColumns: [ParquetSortingColumn] {
    let indices = dataset.rowOrder.compactMap { schema.index(of: $0) }
    let sorted = indices.prefix {
      let type = schema.fields[$0].type
      return type != .string && !type.isFloatingPoint
    }
    return sorted.map { ParquetSortingColumn(columnIndex: $0) }
  }

  private func endFile() async throws {
    guard let writer = file.take(), let sink else { return }
    let summary = try await writer.finish().summary
    try await sink.upload.commit()
    self.sink = nil
    summaries.add(summary)
    files.append(
      Manifest.File(
        name: LakeLayout.fileName(files.count), bytes: sink.byteCount, rows: summary.rowCount,
        checksum: sink.checksum.text))
  }

  /// Runs a part of the writing; its errors name the dataset, the day and, where known, the column.
  private func inContext<Result>(_ body: () async throws -> Result) async throws -> Result {
    let context = TokyoDataError.Context(
      store: "lake", operation: "write", dataset: dataset.name, day: record.day)
    do { return try await body() } catch let error as TokyoDataError {
      throw error.adding(context)
    } catch let error as ColumnError {
      throw TokyoDataError(error, context: context)
    } catch let error as ParquetError {
      throw TokyoDataError(error, file: LakeLayout.fileName(files.count), context: context)
    }
  }
}
