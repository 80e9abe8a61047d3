/// The older annotation of what values mean; a number unknown here is kept as it is.
public struct ParquetConvertedType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The format's number.
  public let rawValue: Int32

  /// Makes the converted type with a number of the format.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  static let utf8 = ParquetConvertedType(rawValue: 0)
  static let map = ParquetConvertedType(rawValue: 1)
  static let mapKeyValue = ParquetConvertedType(rawValue: 2)
  static let list = ParquetConvertedType(rawValue: 3)
  static let enumeration = ParquetConvertedType(rawValue: 4)
  static let decimal = ParquetConvertedType(rawValue: 5)
  static let date = ParquetConvertedType(rawValue: 6)
  static let timeMillis = ParquetConvertedType(rawValue: 7)
  static let timeMicros = ParquetConvertedType(rawValue: 8)
  static let timestampMillis = ParquetConvertedType(rawValue: 9)
  static let timestampMicros = ParquetConvertedType(rawValue: 10)
  static let uint8 = ParquetConvertedType(rawValue: 11)
  static let uint16 = ParquetConvertedType(rawValue: 12)
  static let uint32 = ParquetConvertedType(rawValue: 13)
  static let uint64 = ParquetConvertedType(rawValue: 14)
  static let int8 = ParquetConvertedType(rawValue: 15)
  static let int16 = ParquetConvertedType(rawValue: 16)
  static let int32 = ParquetConvertedType(rawValue: 17)
  static let int64 = ParquetConvertedType(rawValue: 18)
  static let json = ParquetConvertedType(rawValue: 19)
  static let bson = ParquetConvertedType(rawValue: 20)
  static let interval = ParquetConvertedType(rawValue: 21)

  /// The format's own name, such as `TIMESTAMP_MICROS`.
  public var description: String {
    let names = [
      "UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS",
      "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16",
      "INT_32", "INT_64", "JSON", "BSON", "INTERVAL",
    ]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "CONVERTED_\(rawValue)"
  }
}
