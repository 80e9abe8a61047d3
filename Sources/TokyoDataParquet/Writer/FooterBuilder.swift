/// Collects what stands behind the pages of a file: page indexes and the footer.
struct FooterBuilder {
  private let schema: [ParquetSchemaElement]
  private let leafCount: Int
  private let keyValueMetadata: [ParquetKeyValue]
  private(set) var rowGroups: [ParquetRowGroup] = []
  /// The indexes of every chunk in the rows groups' order, encoded; nil where there is none.
  private var columnIndexes: [[[UInt8]?]] = []
  private var offsetIndexes: [[[UInt8]?]] = []
  /// About the bytes that the footer has so far.
  private(set) var byteCount: Int
  /// The bytes by which the last row group made it longer.
  private(set) var lastRowGroupBytes = 0

  init(schema: [ParquetSchemaElement], leafCount: Int, _ keyValueMetadata: [ParquetKeyValue]) {
    self.schema = schema
    self.leafCount = leafCount
    self.keyValueMetadata = keyValueMetadata
    byteCount = 0
    byteCount = metadata().encoded().count
  }

  var rowCount: Int { rowGroups.reduce(0) { $0 + $1.rowCount } }

  /// Adds a row group whose chunks have their places in the file.
  mutating func add(_ rowGroup: ParquetRowGroup, columnIndexes: [[UInt8]?], offsetIndexes: [[UInt8]?]) {
    var writer = CompactWriter()
    rowGroup.write(ordinal: rowGroups.count, to: &writer)
    // Every place of an index that is still to come takes about 8 bytes.
    let places = (columnIndexes + offsetIndexes).reduce(0) { $0 + ($1 == nil ? 0 : 8) }
    lastRowGroupBytes = writer.bytes.count + places
    byteCount += lastRowGroupBytes
    rowGroups.append(rowGroup)
    self.columnIndexes.append(columnIndexes)
    self.offsetIndexes.append(offsetIndexes)
  }

  /// The page indexes, which begin at `position`: all bounds, then all places.
  mutating func pageIndexes(at position: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for group in rowGroups.indices {
      for (column, index) in columnIndexes[group].enumerated() {
        guard let index else { continue }
        rowGroups[group].columns[column].columnIndexRange = range(of: index, in: &bytes, position)
      }
    }
    for group in rowGroups.indices {
      for (column, index) in offsetIndexes[group].enumerated() {
        guard let index else { continue }
        rowGroups[group].columns[column].offsetIndexRange = range(of: index, in: &bytes, position)
      }
    }
    return bytes
  }

  private func range(of index: [UInt8], in bytes: inout [UInt8], _ position: Int) -> Range<Int> {
    let start = position + bytes.count
    bytes.append(contentsOf: index)
    return start..<start + index.count
  }

  /// The footer with its length and the magic number.
  func footer() throws(ParquetError) -> [UInt8] {
    let footer = metadata().encoded()
    guard let length = UInt32(exactly: footer.count) else {
      throw ParquetError(.limitExceeded, "a footer of more than 4 GiB")
    }
    return footer + withUnsafeBytes(of: length.littleEndian) { Array($0) } + ParquetMagic.bytes
  }

  private func metadata() -> ParquetFileMetadata {
    ParquetFileMetadata(
      version: 2, schema: schema, rowCount: rowCount, rowGroups: rowGroups,
      keyValueMetadata: keyValueMetadata, createdBy: ParquetVersion.createdBy,
      columnOrders: Array(repeating: .typeDefined, count: leafCount))
  }
}
