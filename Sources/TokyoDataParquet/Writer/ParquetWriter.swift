/// Writes column batches into one Parquet file, row group by row group.
///
/// What it holds back is the row group being filled, at most ``ParquetWriterOptions/bufferBytes`` of values
/// and one stretch of a batch, and while that is encoded its pages. The same rows and options give the same
/// bytes, however they are cut into batches. After an error the writer takes nothing more.
public struct ParquetWriter<Sink: ParquetSink>: ~Copyable {
  /// The columns' names and types.
  public let schema: ColumnSchema
  private let options: ParquetWriterOptions
  private let settings: [ChunkSettings]
  private let keyValueMetadata: [ParquetKeyValue]
  private var sink: Sink
  private var builders: [any ColumnChunkBuilder]
  private var bufferedRows = 0
  private var rowGroups: [ParquetRowGroup] = []
  private var summaries: SummaryCollector
  private var position = 0
  /// Encoded bytes for a buffered byte, as the last row group had them; a guess before the first.
  private var shrinkage = 0.5
  private var hasFailed = false

  /// Rows are taken in stretches of this many, between which a row group may end, so that the end does not
  /// depend on how the caller cuts batches.
  private static var stretch: Int { 4096 }

  /// Makes a writer that has written nothing yet.
  ///
  /// - Parameters:
  ///   - schema: The file's columns; those that are not nullable become required.
  ///   - options: Row groups, pages, compression and what is recorded.
  ///   - metadata: Names and values for the file's footer.
  ///   - sink: Takes the bytes.
  /// - Throws: `ParquetError.invalidArgument` or `.unsupportedCodec` for impossible options or a schema
  ///   without columns.
  public init(
    schema: ColumnSchema, options: ParquetWriterOptions = ParquetWriterOptions(),
    metadata: [String: String] = [:], sink: Sink
  ) throws(ParquetError) {
    guard schema.count > 0 else {
      throw ParquetError(.invalidArgument, "a file without columns cannot be read everywhere")
    }
    let elements = schema.fields.flatMap { field in
      ParquetSchemaElement.elements(for: field) { options.columns[$0.joined(separator: ".")]?.label }
    }
    var root = ParquetSchemaElement(name: "schema")
    root.childCount = Int32(truncatingIfNeeded: schema.count)
    let leaves = try SchemaTree([root] + elements).leaves
    if let leaf = leaves.first(where: { !$0.isFlat }) {
      throw ParquetError(.unsupported, "nested columns are not written yet", column: leaf.name)
    }
    try options.validate(leaves)
    self.schema = schema
    self.options = options
    self.sink = sink
    settings = zip(schema.fields, elements).map { ChunkSettings(field: $0, element: $1, options: options) }
    keyValueMetadata = metadata.sorted { $0.key < $1.key }.map {
      ParquetKeyValue(key: $0.key, value: $0.value)
    }
    builders = schema.fields.map { columnChunkBuilder(for: $0.type) }
    summaries = SummaryCollector(schema)
  }

  /// The rows taken so far.
  public var rowCount: Int { rowGroups.reduce(bufferedRows) { $0 + $1.rowCount } }

  /// Adds the rows of a batch whose columns have the schema's names and types, in its order.
  ///
  /// - Throws: `ParquetError.schemaMismatch` for other columns or for nulls in a required one,
  ///   `.valueOutOfRange` for what the file cannot hold, or what the sink throws.
  public mutating func write(_ batch: ColumnBatch) async throws {
    try requireUsable()
    try requireFit(batch)
    // What throws from here on may leave columns of different lengths behind.
    hasFailed = true
    var row = 0
    while row < batch.rowCount {
      let room = min(Self.stretch - bufferedRows % Self.stretch, options.rowGroupRows - bufferedRows)
      let rows = row..<min(row + room, batch.rowCount)
      for index in builders.indices {
        do throws(ParquetError) { try builders[index].append(batch.columns[index], rows) } catch {
          throw error.at(column: schema.fields[index].name, rowGroup: rowGroups.count)
        }
      }
      bufferedRows += rows.count
      row = rows.upperBound
      if bufferedRows == options.rowGroupRows || bufferedRows % Self.stretch == 0 && isRowGroupFull {
        try await endRowGroup()
      }
    }
    hasFailed = false
  }

  /// Writes what is held back and the footer, and gives back the sink.
  ///
  /// - Throws: What the sink throws, or `ParquetError.invalidArgument` after an earlier error.
  public consuming func finish() async throws -> (summary: ParquetFileSummary, sink: Sink) {
    try requireUsable()
    try await endRowGroup()
    try await beginFile()
    let rowCount = rowCount
    let footer = ParquetFileMetadata(
      version: 2, schema: [root] + settings.map(\.element), rowCount: rowCount, rowGroups: rowGroups,
      keyValueMetadata: keyValueMetadata, createdBy: ParquetVersion.createdBy,
      hasTypeDefinedOrder: schema.fields.map { _ in true }
    ).encoded()
    guard let length = UInt32(exactly: footer.count) else {
      throw ParquetError(.limitExceeded, "a footer of more than 4 GiB")
    }
    try await put(footer + withUnsafeBytes(of: length.littleEndian) { Array($0) } + ParquetMagic.bytes)
    let summary = ParquetFileSummary(
      rowCount: rowCount, byteCount: position, rowGroupCount: rowGroups.count, columns: summaries.columns)
    return (summary, sink)
  }
}

extension ParquetWriter {
  private var root: ParquetSchemaElement {
    var root = ParquetSchemaElement(name: "schema")
    root.childCount = Int32(truncatingIfNeeded: schema.count)
    return root
  }

  private func requireUsable() throws(ParquetError) {
    guard !hasFailed else {
      throw ParquetError(.invalidArgument, "the writer failed before and takes nothing more")
    }
  }

  private func requireFit(_ batch: ColumnBatch) throws(ParquetError) {
    guard batch.schema.count == schema.count else {
      throw ParquetError(
        .schemaMismatch, "a batch of \(batch.schema.count) columns for a file of \(schema.count)")
    }
    for (index, field) in schema.fields.enumerated() {
      let given = batch.schema.fields[index]
      guard given.name == field.name, given.type == field.type else {
        throw ParquetError(
          .schemaMismatch, "the batch has \(given.name) of type \(given.type) where \(field.type) is due",
          column: field.name)
      }
      guard field.isNullable || batch.columns[index].nullCount == 0 else {
        throw ParquetError(.schemaMismatch, "a null in a required column", column: field.name)
      }
    }
  }

  private var isRowGroupFull: Bool {
    let bytes = builders.reduce(0) { $0 + $1.byteCount }
    return bytes >= options.bufferBytes || Double(bytes) * shrinkage >= Double(options.rowGroupBytes)
  }

  private mutating func endRowGroup() async throws {
    guard bufferedRows > 0 else { return }
    // Row groups are numbered with 16 bits in the footer, and readers rely on it.
    guard rowGroups.count < Int(Int16.max) else {
      throw ParquetError(.limitExceeded, "more row groups than the format can number")
    }
    try await beginFile()
    let buffered = builders.reduce(0) { $0 + $1.byteCount }
    var group = ParquetRowGroup(
      rowCount: bufferedRows, columns: [], uncompressedBytes: 0, sortingColumns: options.sortingColumns)
    for index in builders.indices {
      let chunk: EncodedChunk
      do throws(ParquetError) { chunk = try builders[index].encode(settings[index]) } catch {
        throw error.at(column: schema.fields[index].name, rowGroup: rowGroups.count)
      }
      builders[index].removeAll()
      var description = chunk.description
      description.dataPageOffset += position
      description.dictionaryPageOffset = description.dictionaryPageOffset.map { $0 + position }
      group.uncompressedBytes += description.uncompressedBytes
      group.columns.append(description)
      summaries.add(chunk, column: index)
      try await put(chunk.bytes)
    }
    rowGroups.append(group)
    bufferedRows = 0
    shrinkage = max(0.01, Double(group.encodedBytes) / Double(max(1, buffered)))
  }

  /// The magic number, before the first bytes of anything else.
  private mutating func beginFile() async throws {
    if position == 0 { try await put(ParquetMagic.bytes) }
  }

  private mutating func put(_ bytes: [UInt8]) async throws {
    try await sink.write(bytes)
    position += bytes.count
  }
}
