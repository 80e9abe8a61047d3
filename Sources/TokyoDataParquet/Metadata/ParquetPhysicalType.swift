/// How the values of a column lie in the file.
@nonexhaustive
public enum ParquetPhysicalType: Int32, Hashable, Sendable, CustomStringConvertible {
  /// One bit a value.
  case boolean = 0
  /// 32-bit signed integers.
  case int32 = 1
  /// 64-bit signed integers.
  case int64 = 2
  /// The deprecated 12-byte timestamps.
  case int96 = 3
  /// IEEE 754 binary32 numbers.
  case float = 4
  /// IEEE 754 binary64 numbers.
  case double = 5
  /// Byte strings with a length each.
  case byteArray = 6
  /// Byte strings of the one length that the schema states.
  case fixedLengthByteArray = 7

  /// The format's own name, such as `BYTE_ARRAY`.
  public var description: String {
    switch self {
    case .boolean: "BOOLEAN"
    case .int32: "INT32"
    case .int64: "INT64"
    case .int96: "INT96"
    case .float: "FLOAT"
    case .double: "DOUBLE"
    case .byteArray: "BYTE_ARRAY"
    case .fixedLengthByteArray: "FIXED_LEN_BYTE_ARRAY"
    }
  }
}
