/// What a page holds; a number unknown here is kept as it is.
public struct ParquetPageType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The format's number.
  public let rawValue: Int32

  /// Makes the page type with a number of the format.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Levels and values in one compressed body.
  public static let data = ParquetPageType(rawValue: 0)
  /// Never written by anyone.
  public static let index = ParquetPageType(rawValue: 1)
  /// The distinct values of a chunk.
  public static let dictionary = ParquetPageType(rawValue: 2)
  /// Levels, then compressed values.
  public static let dataV2 = ParquetPageType(rawValue: 3)

  /// The format's own name, such as `DATA_PAGE`.
  public var description: String {
    let names = ["DATA_PAGE", "INDEX_PAGE", "DICTIONARY_PAGE", "DATA_PAGE_V2"]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "PAGE_\(rawValue)"
  }
}

/// How many pages of a chunk are of a type and an encoding.
public struct ParquetPageCount: Hashable, Sendable {
  /// What the pages hold.
  public var type: ParquetPageType
  /// How their values are encoded.
  public var encoding: ParquetEncoding
  /// How many of them there are.
  public var count: Int32

  /// Makes a count of pages.
  public init(type: ParquetPageType, encoding: ParquetEncoding, count: Int32) {
    self.type = type
    self.encoding = encoding
    self.count = count
  }
}

extension ParquetPageCount {
  init(_ reader: inout CompactReader) throws(ParquetError) {
    var (type, encoding, count): (Int32?, Int32?, Int32?)
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: type = try reader.int32(field)
      case 2: encoding = try reader.int32(field)
      case 3: count = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
    self.init(
      type: ParquetPageType(rawValue: try required(type, "page type")),
      encoding: ParquetEncoding(rawValue: try required(encoding, "page encoding")),
      count: try required(count, "page count"))
  }

  func write(to writer: inout CompactWriter) {
    writer.structure {
      $0.field(1, int32: type.rawValue)
      $0.field(2, int32: encoding.rawValue)
      $0.field(3, int32: count)
    }
  }
}

/// A field that the format demands.
func required<Value>(_ value: Value?, _ name: String) throws(ParquetError) -> Value {
  guard let value else { throw .corrupted("metadata: the \(name) is missing") }
  return value
}
