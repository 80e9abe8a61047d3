/// A name and a value that a writer attached to a file or a chunk.
public struct ParquetKeyValue: Hashable, Sendable {
  /// The name.
  public var key: String
  /// The value, if there is one.
  public var value: String?

  /// Makes a pair.
  public init(key: String, value: String?) {
    self.key = key
    self.value = value
  }

  static func list(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> [ParquetKeyValue] {
    try reader.list(field, of: .structure) { (reader) throws(ParquetError) in try ParquetKeyValue(&reader) }
  }

  private init(_ reader: inout CompactReader) throws(ParquetError) {
    var (key, value): (String?, String?)
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: key = try reader.string(field)
      case 2: value = try reader.string(field)
      default: try reader.skip(field)
      }
    }
    self.init(key: try required(key, "key of a pair"), value: value)
  }

  func write(to writer: inout CompactWriter) {
    writer.structure {
      $0.field(1, string: key)
      $0.field(2, string: value)
    }
  }
}
