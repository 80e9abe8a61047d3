/// A Parquet file to read: its schema, what its footer says, and its rows as column batches.
public struct ParquetFile: Sendable {
  /// What the footer says.
  public internal(set) var metadata: ParquetFileMetadata
  /// The columns that can be read, in the file's order.
  public let schema: ColumnSchema
  /// The names of the columns that columns of ours have no type for; reading leaves them out by name.
  public let unsupportedColumns: [String]
  /// The number of rows of all row groups.
  public let rowCount: Int

  let columns: [ColumnShape]
  let options: ParquetReaderOptions
  var source: any ParquetSource

  /// The row groups in order, with the statistics of their columns.
  public var rowGroups: [ParquetRowGroup] { metadata.rowGroups }

  /// The footer's names and values; of a name that comes twice, the first value.
  public var keyValueMetadata: [String: String] {
    Dictionary(metadata.keyValueMetadata.map { ($0.key, $0.value ?? "") }) { first, _ in first }
  }

  /// Reads the footer of a file.
  ///
  /// - Parameters:
  ///   - source: Gives out the file's bytes.
  ///   - options: Checksums and limits.
  /// - Throws: `ParquetError.corrupted`, `.encrypted` or `.limitExceeded`, or what the source throws.
  public init(
    source: some ParquetSource, options: ParquetReaderOptions = ParquetReaderOptions()
  ) async throws {
    let metadata = try await FooterReader(source: source, limits: options.limits).read()
    self.source = source
    self.options = options
    let tree = try SchemaTree(metadata.schema)
    self.metadata = try metadata.resolved(against: tree)
    var total = 0
    for group in metadata.rowGroups {
      let (sum, overflow) = total.addingReportingOverflow(group.rowCount)
      guard !overflow else { throw ParquetError.corrupted("more rows than can be counted") }
      total = sum
    }
    rowCount = total
    var readable: [ColumnShape] = []
    for node in tree.nodes {
      if let shape = try ColumnShape.reading(node) { readable.append(shape) }
    }
    columns = readable
    do throws(ColumnError) {
      schema = try ColumnSchema(readable.map(\.field))
    } catch { throw ParquetError(.unsupported, error.message, column: error.column) }
    let names = Set(schema.fields.map(\.name))
    unsupportedColumns = tree.nodes.map(\.name).filter { !names.contains($0) }
  }

  /// The same file, whose bytes come from another source: one that has those of some row groups at hand.
  package func reading(from source: some ParquetSource) -> ParquetFile {
    var file = self
    file.source = source
    return file
  }

  /// Reads some columns of a row group, in the order of the names.
  ///
  /// - Parameters:
  ///   - rowGroup: The row group's position.
  ///   - names: The columns; all of the file if nil.
  /// - Throws: `ParquetError`, naming the column; or what the source throws.
  public func read(rowGroup: Int, columns names: [String]? = nil) async throws -> ColumnBatch {
    try await read(rowGroup: rowGroup, columns: names, rows: nil)
  }

  /// Reads some columns of some rows of a row group; pages without any of the rows are not even fetched where
  /// the file says where they lie.
  func read(rowGroup: Int, columns names: [String]? = nil, rows: RowRanges?) async throws -> ColumnBatch {
    var reader = try await RowGroupReader(
      self, rowGroup: rowGroup, columns: try selected(names), rows: rows)
    guard let batch = try await reader.next(rows: .max) else { return ColumnBatch(empty: reader.schema) }
    return batch
  }

  /// The rows of the file, in batches that never cross row groups.
  ///
  /// Columns are decoded by as many tasks as ``ParquetReaderOptions/parallelism`` says; memory holds the
  /// encoded bytes of one row group's chosen columns and one batch, whatever that number is.
  ///
  /// - Parameters:
  ///   - names: The columns, in this order; all of the file if nil.
  ///   - rowGroups: The positions of the row groups to read; all of the file if nil.
  ///   - rows: The most rows of a batch; what the options say if nil.
  ///   - filter: Which rows to give; all if nil. Row groups and pages that statistics, page indexes or bloom
  ///     filters exclude are not read, and of columns that the filter does not name only the rows that pass
  ///     are decoded. A filter of an unknown or nested column, or of a value of another type, is an
  ///     `.unknownColumn` or `.invalidArgument` error of the first batch.
  public func batches(
    columns names: [String]? = nil, rowGroups: [Int]? = nil, rows: Int? = nil,
    where filter: ParquetFilter? = nil
  ) -> ParquetBatches {
    ParquetBatches(
      file: self, columns: names, rowGroups: rowGroups ?? Array(self.rowGroups.indices),
      rows: max(1, rows ?? options.batchRows), filter: filter)
  }

  /// The columns with these names, or all of the file.
  func selected(_ names: [String]?) throws(ParquetError) -> [ColumnShape] {
    guard let names else {
      if let first = unsupportedColumns.first { throw unsupported(first) }
      return columns
    }
    var selected: [ColumnShape] = []
    for name in names {
      if let index = schema.index(of: name) {
        selected.append(columns[index])
      } else if unsupportedColumns.contains(name) {
        throw unsupported(name)
      } else {
        throw ParquetError(.unknownColumn, "no such column", column: name)
      }
    }
    return selected
  }

  private func unsupported(_ name: String) -> ParquetError {
    ParquetError(.unsupported, "columns of this type cannot be read", column: name)
  }

  /// The bytes of a range, all of them.
  func bytes(_ range: Range<Int>) async throws -> [UInt8] {
    let bytes = try await source.read(range)
    guard bytes.count == range.count else {
      throw ParquetError.corrupted("the source gives fewer bytes than asked for", offset: range.lowerBound)
    }
    return bytes
  }
}
