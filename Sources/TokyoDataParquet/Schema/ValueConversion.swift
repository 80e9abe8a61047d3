internal import TokyoDataColumns

/// How the values of a leaf become those of a column.
enum ValueConversion: Hashable, Sendable {
  case bool
  case int8
  case int16
  case int32
  case int64
  /// Unsigned 32-bit integers, which need a wider column.
  case int64FromUnsigned
  /// Unsigned 64-bit integers, for which only decimals are wide enough.
  case decimalFromUnsigned
  /// Milliseconds of a day in 32 bits, which become microseconds.
  case microsecondsFromMilliseconds32
  /// Milliseconds, which become microseconds.
  case microsecondsFromMilliseconds
  /// Nanoseconds, which must be whole microseconds unless an option says otherwise.
  case microsecondsFromNanoseconds
  /// The deprecated 96 bits: nanoseconds within a Julian day.
  case microsecondsFromInt96
  case float
  case double
  case floatFromBinary16
  case decimalFromInt32(precision: Int)
  case decimalFromInt64(precision: Int)
  case decimalFromFixedBytes(length: Int, precision: Int)
  case decimalFromByteArrays(precision: Int)
  case byteArrays
  case fixedBytes(length: Int)
  /// 16 bytes, which become a UUID's 36 characters.
  case textFromUUID
}

extension ValueConversion {
  /// The column type and the conversion of a leaf; a meaning that columns do not have is left aside.
  static func reading(
    _ element: ParquetSchemaElement
  ) throws(ParquetError) -> (type: ColumnType, conversion: ValueConversion) {
    guard let physical = element.physicalType else {
      throw ParquetError(.corrupted, "a column without a physical type", column: element.name)
    }
    let logical = LogicalTypeTable.logicalType(of: element)
    if case .decimal(let scale, let precision) = logical,
      let decimal = try decimal(element, physical, scale: Int(scale), precision: Int(precision))
    {
      return decimal
    }
    switch physical {
    case .boolean: return (.bool, .bool)
    case .int32: return int32(logical)
    case .int64: return int64(logical)
    case .int96: return (.localTimestamp, .microsecondsFromInt96)
    case .float: return (.float, .float)
    case .double: return (.double, .double)
    case .byteArray:
      switch logical {
      case .string, .enumeration, .json: return (.string, .byteArrays)
      default: return (.bytes, .byteArrays)
      }
    case .fixedLengthByteArray:
      let length = try fixedLength(element)
      switch logical {
      case .float16 where length == 2: return (.float, .floatFromBinary16)
      case .uuid where length == 16: return (.string, .textFromUUID)
      default: return (.bytes, .fixedBytes(length: length))
      }
    }
  }

  private static func int32(_ logical: ParquetLogicalType?) -> (ColumnType, ValueConversion) {
    switch logical {
    case .date: (.date, .int32)
    case .time(_, .milliseconds): (.time, .microsecondsFromMilliseconds32)
    case .integer(8, true): (.int8, .int8)
    case .integer(8, false), .integer(16, true): (.int16, .int16)
    case .integer(32, false): (.int64, .int64FromUnsigned)
    default: (.int32, .int32)
    }
  }

  private static func int64(_ logical: ParquetLogicalType?) -> (ColumnType, ValueConversion) {
    switch logical {
    case .timestamp(let isAdjustedToUTC, let unit):
      let type: ColumnType = isAdjustedToUTC ? .timestamp : .localTimestamp
      return (type, microseconds(from: unit))
    case .time(_, .milliseconds): return (.int64, .int64)
    case .time(_, let unit): return (.time, microseconds(from: unit))
    case .integer(64, false): return (.decimal(20, 0), .decimalFromUnsigned)
    default: return (.int64, .int64)
    }
  }

  private static func microseconds(from unit: ParquetLogicalType.TimeUnit) -> ValueConversion {
    switch unit {
    case .microseconds: .int64
    case .milliseconds: .microsecondsFromMilliseconds
    case .nanoseconds: .microsecondsFromNanoseconds
    }
  }

  /// Nil for decimals of more digits than ours, which are read as they lie.
  private static func decimal(
    _ element: ParquetSchemaElement, _ physical: ParquetPhysicalType, scale: Int, precision: Int
  ) throws(ParquetError) -> (type: ColumnType, conversion: ValueConversion)? {
    guard precision > 0, (0...precision).contains(scale) else {
      throw ParquetError(.corrupted, "an impossible decimal type", column: element.name)
    }
    guard precision <= Decimal128.maximumPrecision else { return nil }
    let type = ColumnType.decimal(precision, scale)
    switch physical {
    case .int32: return (type, .decimalFromInt32(precision: precision))
    case .int64: return (type, .decimalFromInt64(precision: precision))
    case .byteArray: return (type, .decimalFromByteArrays(precision: precision))
    case .fixedLengthByteArray:
      return (type, .decimalFromFixedBytes(length: try fixedLength(element), precision: precision))
    default: throw ParquetError(.corrupted, "a decimal in \(physical)", column: element.name)
    }
  }

  static func fixedLength(_ element: ParquetSchemaElement) throws(ParquetError) -> Int {
    guard let length = element.typeLength, length > 0 else {
      throw ParquetError(.corrupted, "a fixed-length column without a length", column: element.name)
    }
    return Int(length)
  }
}
