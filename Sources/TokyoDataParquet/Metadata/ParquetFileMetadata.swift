/// The four bytes at both ends of a file.
enum ParquetMagic {
  static let bytes = Array("PAR1".utf8)
  static let encryptedFooter = Array("PARE".utf8)
  static let count = 4
}

/// What a file's footer says.
public struct ParquetFileMetadata: Hashable, Sendable {
  /// The version of the format, 1 or 2.
  public var version: Int32
  /// The schema tree in depth-first order, the root first.
  public var schema: [ParquetSchemaElement]
  /// The number of rows of the file.
  public var rowCount: Int
  /// The row groups in order.
  public var rowGroups: [ParquetRowGroup]
  /// Names and values that the writer attached to the file.
  public var keyValueMetadata: [ParquetKeyValue]
  /// The program that wrote the file, as it names itself.
  public var createdBy: String?
  /// Per leaf column the order of its bounds; nil where the file does not say.
  public var columnOrders: [ParquetColumnOrder]?

  /// The order of a leaf column's bounds, where the file says so.
  func columnOrder(ofLeaf index: Int) -> ParquetColumnOrder? {
    guard let columnOrders, columnOrders.indices.contains(index) else { return nil }
    return columnOrders[index]
  }
}

extension ParquetFileMetadata {
  /// Reads the footer that lies in `range`; `end` is where it begins in the file.
  init(_ bytes: [UInt8], in range: Range<Int>, end: Int) throws(ParquetError) {
    var reader = CompactReader(bytes, in: range)
    var version: Int32?
    var schema: [ParquetSchemaElement]?
    var rowCount: Int64?
    var rowGroups: [ParquetRowGroup]?
    var keyValueMetadata: [ParquetKeyValue] = []
    var createdBy: String?
    var orders: [ParquetColumnOrder]?
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: version = try reader.int32(field)
      case 2:
        schema = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try ParquetSchemaElement(&reader)
        }
      case 3: rowCount = try reader.int64(field)
      case 4:
        rowGroups = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try ParquetRowGroup(&reader, end: end)
        }
      case 5: keyValueMetadata = try ParquetKeyValue.list(&reader, field)
      case 6: createdBy = try reader.string(field)
      case 7:
        orders = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try ParquetColumnOrder(&reader)
        }
      default: try reader.skip(field)
      }
    }
    self.init(
      version: try required(version, "version"), schema: try required(schema, "schema"),
      rowCount: Int(try required(rowCount, "row count")), rowGroups: try required(rowGroups, "row groups"),
      keyValueMetadata: keyValueMetadata, createdBy: createdBy, columnOrders: orders)
  }

  /// The footer's bytes, without length and magic number.
  func encoded() -> [UInt8] {
    var writer = CompactWriter()
    writer.structure {
      $0.field(1, int32: version)
      $0.field(2, list: schema, of: .structure) { $1.write(to: &$0) }
      $0.field(3, int64: Int64(rowCount))
      $0.field(4, list: Array(rowGroups.enumerated()), of: .structure) {
        $1.element.write(ordinal: $1.offset, to: &$0)
      }
      if !keyValueMetadata.isEmpty {
        $0.field(5, list: keyValueMetadata, of: .structure) { $1.write(to: &$0) }
      }
      $0.field(6, string: createdBy)
      if let columnOrders {
        $0.field(7, list: columnOrders, of: .structure) { $1.write(to: &$0) }
      }
    }
    return writer.bytes
  }
}
