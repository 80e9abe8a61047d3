/// Writes column batches into one Parquet file, row group by row group.
///
/// What it holds back is the row group being filled, at most ``ParquetWriterOptions/bufferBytes`` of values
/// and one stretch of a batch; while that is encoded, also its pages, and a copy of the values of as many
/// columns as ``ParquetWriterOptions/parallelism`` says. Batches are held by reference, not copied. The same
/// rows and options give the same bytes, however rows are cut into batches and however many columns are
/// encoded at once. After an error the writer takes nothing more.
public struct ParquetWriter<Sink: ParquetSink>: ~Copyable {
  /// The columns' names and types.
  public let schema: ColumnSchema
  private let options: ParquetWriterOptions
  private let encoder: RowGroupEncoder
  private var output: FileOutput<Sink>
  private var buffer: RowGroupBuffer
  private var footer: FooterBuilder
  private var summaries: SummaryCollector
  /// Encoded bytes for a buffered byte, as the last row group had them; before its end, as a sample has them.
  private var shrinkage: Double?
  private var hasFailed = false

  /// Rows are taken in stretches of this many, between which a row group may end, so that the end does not
  /// depend on how the caller cuts batches.
  private static var stretch: Int { 4096 }
  /// The rows after which the first of a file are encoded to see how small they get.
  private static var sample: Int { 8 * stretch }

  /// Makes a writer that has written nothing yet.
  ///
  /// - Parameters:
  ///   - schema: The file's columns; those that are not nullable become required.
  ///   - options: Row groups, pages, compression and what is recorded.
  ///   - metadata: Names and values for the file's footer.
  ///   - sink: Takes the bytes.
  /// - Throws: `ParquetError.invalidArgument`, `.unsupportedCodec`, `.unknownColumn` or `.outsideProfile` for
  ///   impossible options or a schema that the file cannot have.
  public init(
    schema: ColumnSchema, options: ParquetWriterOptions = ParquetWriterOptions(),
    metadata: [String: String] = [:], sink: Sink
  ) throws(ParquetError) {
    let file = try FileSchema(schema, options)
    let leaves = file.shapes.flatMap(\.leafTypes)
    self.schema = schema
    self.options = options
    // Columns differ in what they need: some pieces more than are in use at once fit most of them.
    let scratch = Scratch(limit: 4 * options.parallelism)
    output = FileOutput(sink, scratch)
    encoder = RowGroupEncoder(
      leaves.map { ChunkSettings(leaf: $0.leaf, type: $0.type, options: options) },
      parallelism: options.parallelism, scratch)
    buffer = RowGroupBuffer(file.shapes)
    footer = FooterBuilder(
      schema: file.elements, leafCount: leaves.count,
      metadata.sorted { $0.key < $1.key }.map { ParquetKeyValue(key: $0.key, value: $0.value) })
    summaries = SummaryCollector(leaves.map { ($0.leaf.name, $0.type) })
  }

  /// The rows taken so far.
  public var rowCount: Int { footer.rowCount + buffer.rowCount }

  /// The bytes that the sink was given so far; those of the row group being filled are still to come.
  public var byteCount: Int { output.position }

  /// Whether the file should end here and another begin.
  ///
  /// It has, with what is held back, reached about ``ParquetWriterOptions/fileBytes``, or its footer has
  /// reached ``ParquetWriterOptions/footerBytes``. The writer itself goes on as long as it is given rows.
  public var isFull: Bool {
    Double(output.position) + Double(buffer.byteCount) * (shrinkage ?? 1) >= Double(options.fileBytes)
      || footer.byteCount >= options.footerBytes
  }

  /// Adds the rows of a batch whose columns have the schema's names and types, in its order.
  ///
  /// - Throws: `ParquetError.schemaMismatch` for other columns or for nulls in a required one,
  ///   `.valueOutOfRange` for what the file cannot hold, found as its row group ends, `CancellationError` where its task is cancelled
  ///   between two columns, or what the sink throws.
  public mutating func write(_ batch: ColumnBatch) async throws {
    try requireUsable()
    try batch.requireFit(schema)
    // What throws from here on may leave columns of different lengths behind.
    hasFailed = true
    var row = 0
    while row < batch.rowCount {
      let room = min(Self.stretch - buffer.rowCount % Self.stretch, options.rowGroupRows - buffer.rowCount)
      let rows = row..<min(row + room, batch.rowCount)
      do throws(ParquetError) { try buffer.append(batch, rows) } catch {
        throw error.at(rowGroup: footer.rowGroups.count)
      }
      row = rows.upperBound
      let isFull = buffer.rowCount % Self.stretch == 0 ? try isRowGroupFull() : false
      if isFull || buffer.rowCount == options.rowGroupRows { try await endRowGroup() }
    }
    hasFailed = false
  }

  /// Writes what is held back, the page indexes and the footer, and gives back the sink.
  ///
  /// - Throws: What the sink throws, `CancellationError`, or `ParquetError.invalidArgument` after an earlier
  ///   error.
  public consuming func finish() async throws -> (summary: ParquetFileSummary, sink: Sink) {
    try requireUsable()
    try await endRowGroup()
    beginFile()
    let indexes = footer.pageIndexes(at: output.position)
    if !indexes.isEmpty { output.append(indexes) }
    output.append(try footer.footer())
    try await output.putAll()
    let summary = ParquetFileSummary(
      rowCount: footer.rowCount, byteCount: output.position, rowGroupCount: footer.rowGroups.count,
      columns: summaries.columns)
    return (summary, output.finish())
  }
}

extension ParquetWriter {
  private func requireUsable() throws(ParquetError) {
    guard !hasFailed else {
      throw ParquetError(.invalidArgument, "the writer failed before and takes nothing more")
    }
  }

  private mutating func isRowGroupFull() throws(ParquetError) -> Bool {
    let bytes = buffer.byteCount
    if shrinkage == nil, buffer.rowCount >= Self.sample || bytes >= options.rowGroupBytes {
      shrinkage =
        Double(try encoder.byteCount(buffer.leaves, rowGroup: footer.rowGroups.count)) / Double(max(1, bytes))
    }
    // Fewer and larger row groups where the footer comes near its budget.
    let isFooterTight = footer.byteCount + 2 * footer.lastRowGroupBytes >= options.footerBytes
    let target = Double(options.rowGroupBytes) * (isFooterTight ? 2 : 1)
    return bytes >= options.bufferBytes || Double(bytes) * (shrinkage ?? 0) >= target
  }

  private mutating func endRowGroup() async throws {
    guard buffer.rowCount > 0 else { return }
    let ordinal = footer.rowGroups.count
    // Row groups are numbered with 16 bits in the footer, and readers rely on it.
    guard ordinal < Int(Int16.max) else {
      throw ParquetError(.limitExceeded, "more row groups than the format can number")
    }
    beginFile()
    var group = ParquetRowGroup(
      rowCount: buffer.rowCount, columns: [], uncompressedBytes: 0, sortingColumns: options.sortingColumns)
    let chunks = try await encoder.encode(buffer.leaves, rowGroup: ordinal, to: &output)
    let buffered = buffer.byteCount
    buffer.removeAll()
    for (column, chunk) in chunks.enumerated() {
      group.uncompressedBytes += chunk.description.uncompressedBytes
      group.columns.append(chunk.description)
      summaries.add(chunk, column: column, rowGroup: ordinal)
    }
    for (column, chunk) in chunks.enumerated() {
      guard let filter = chunk.bloomFilter?.encoded() else { continue }
      group.columns[column].bloomFilterOffset = output.position
      group.columns[column].bloomFilterBytes = filter.count
      output.append(filter)
    }
    try await output.putAll()
    footer.add(
      group, columnIndexes: chunks.map { options.writesPageIndex ? $0.columnIndex?.encoded() : nil },
      offsetIndexes: chunks.map { options.writesPageIndex ? $0.offsetIndex.encoded() : nil })
    shrinkage = Double(group.encodedBytes) / Double(max(1, buffered))
  }

  /// The magic number, before the first bytes of anything else.
  private mutating func beginFile() {
    if output.position == 0 { output.append(ParquetMagic.bytes) }
  }
}

extension ColumnBatch {
  /// Refuses batches of other columns than a file's, and nulls where the file has none.
  fileprivate func requireFit(_ expected: ColumnSchema) throws(ParquetError) {
    guard schema.count == expected.count else {
      throw ParquetError(
        .schemaMismatch, "a batch of \(schema.count) columns for a file of \(expected.count)")
    }
    for (index, field) in expected.fields.enumerated() {
      let given = schema.fields[index]
      guard given.name == field.name, given.type == field.type else {
        throw ParquetError(
          .schemaMismatch, "the batch has \(given.name) of type \(given.type) where \(field.type) is due",
          column: field.name)
      }
      guard field.isNullable || columns[index].nullCount == 0 else {
        throw ParquetError(.schemaMismatch, "a null in a required column", column: field.name)
      }
    }
  }
}
