/// Where the data pages of a chunk lie, so that a reader can fetch one without the others.
public struct ParquetOffsetIndex: Hashable, Sendable {
  /// A data page's place in the file, and in the row group.
  public struct Page: Hashable, Sendable {
    /// Where its header begins in the file.
    public var offset: Int
    /// Its bytes in the file, header included.
    public var byteCount: Int
    /// The position of its first row in the row group.
    public var firstRow: Int

    /// Makes a page's place.
    public init(offset: Int, byteCount: Int, firstRow: Int) {
      self.offset = offset
      self.byteCount = byteCount
      self.firstRow = firstRow
    }
  }

  /// The data pages in order.
  public var pages: [Page]
  /// For each page the bytes of its byte arrays, without their lengths; nil for other types.
  public var byteArrayBytes: [Int]?

  /// Makes an index of pages.
  public init(pages: [Page] = [], byteArrayBytes: [Int]? = nil) {
    self.pages = pages
    self.byteArrayBytes = byteArrayBytes
  }
}

extension ParquetOffsetIndex {
  /// Reads an index from its bytes in a file.
  init(_ bytes: [UInt8]) throws(ParquetError) {
    var reader = CompactReader(bytes, in: 0..<bytes.count)
    var index = ParquetOffsetIndex()
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1:
        index.pages = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try Page(&reader)
        }
      case 2: index.byteArrayBytes = try reader.counts(field)
      default: try reader.skip(field)
      }
    }
    self = index
  }

  func encoded() -> [UInt8] {
    var writer = CompactWriter()
    writer.structure {
      $0.field(1, list: pages, of: .structure) { writer, page in
        writer.structure {
          $0.field(1, int64: Int64(page.offset))
          $0.field(2, int32: Int32(truncatingIfNeeded: page.byteCount))
          $0.field(3, int64: Int64(page.firstRow))
        }
      }
      if let byteArrayBytes { $0.field(2, counts: byteArrayBytes) }
    }
    return writer.bytes
  }
}

extension ParquetOffsetIndex.Page {
  fileprivate init(_ reader: inout CompactReader) throws(ParquetError) {
    var (offset, byteCount, firstRow): (Int64?, Int32?, Int64?)
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: offset = try reader.int64(field)
      case 2: byteCount = try reader.int32(field)
      case 3: firstRow = try reader.int64(field)
      default: try reader.skip(field)
      }
    }
    self.init(
      offset: Int(try required(offset, "place of a page")),
      byteCount: Int(try required(byteCount, "size of a page")),
      firstRow: Int(try required(firstRow, "first row of a page")))
  }
}
