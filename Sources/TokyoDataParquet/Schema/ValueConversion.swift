internal import TokyoDataColumns

/// How the values of a leaf become those of a column.
enum ValueConversion: Hashable {
  case bool
  case int16
  case int32
  case int64
  /// Unsigned 32-bit integers, which need a wider column.
  case int64FromUnsigned
  /// Milliseconds, which become microseconds.
  case microsecondsFromMilliseconds
  case float
  case double
  case floatFromBinary16
  case decimalFromInt32(precision: Int)
  case decimalFromInt64(precision: Int)
  case decimalFromFixedBytes(length: Int, precision: Int)
  case decimalFromByteArrays(precision: Int)
  case byteArrays
  case fixedBytes(length: Int)
}

extension ValueConversion {
  /// The column type and the conversion of a leaf, or nil where columns have no such type.
  static func reading(
    _ element: ParquetSchemaElement
  ) throws(ParquetError) -> (type: ColumnType, conversion: ValueConversion)? {
    guard let physical = element.physicalType else { return nil }
    let logical = LogicalTypeTable.logicalType(of: element)
    if case .decimal(let scale, let precision) = logical {
      return try decimal(element, physical, scale: Int(scale), precision: Int(precision))
    }
    switch physical {
    case .boolean: return (.bool, .bool)
    case .int32: return int32(logical)
    case .int64: return int64(logical)
    case .int96: return nil
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
      case .float16: return length == 2 ? (.float, .floatFromBinary16) : nil
      case .uuid: return nil
      default: return (.bytes, .fixedBytes(length: length))
      }
    }
  }

  private static func int32(_ logical: ParquetLogicalType?) -> (ColumnType, ValueConversion)? {
    switch logical {
    case .date: (.date, .int32)
    case .time: nil
    case .integer(let width, let isSigned):
      switch (width, isSigned) {
      case (8, _), (16, true): (.int16, .int16)
      case (16, false), (32, true): (.int32, .int32)
      case (32, false): (.int64, .int64FromUnsigned)
      default: nil
      }
    default: (.int32, .int32)
    }
  }

  private static func int64(_ logical: ParquetLogicalType?) -> (ColumnType, ValueConversion)? {
    switch logical {
    case .timestamp(let isAdjustedToUTC, let unit):
      let type: ColumnType = isAdjustedToUTC ? .timestamp : .localTimestamp
      switch unit {
      case .microseconds: return (type, .int64)
      case .milliseconds: return (type, .microsecondsFromMilliseconds)
      case .nanoseconds: return nil
      }
    case .time: return nil
    case .integer(64, false): return nil
    default: return (.int64, .int64)
    }
  }

  private static func decimal(
    _ element: ParquetSchemaElement, _ physical: ParquetPhysicalType, scale: Int, precision: Int
  ) throws(ParquetError) -> (ColumnType, ValueConversion)? {
    guard let type = try? ColumnType.decimal(precision: precision, scale: scale).validated() else {
      if (39...76).contains(precision), (0...precision).contains(scale) { return nil }
      throw ParquetError(.corrupted, "an impossible decimal type", column: element.name)
    }
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
