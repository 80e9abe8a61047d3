internal import TokyoDataColumns

extension ParquetSchemaElement {
  /// The schema element of a column, with both annotations.
  init(_ field: ColumnField) {
    self.init(name: field.name)
    repetition = field.isNullable ? .optional : .required
    switch field.type {
    case .bool: physicalType = .boolean
    case .int16: (physicalType, logicalType) = (.int32, .integer(bitWidth: 16, isSigned: true))
    case .int32: physicalType = .int32
    case .int64: physicalType = .int64
    case .float: physicalType = .float
    case .double: physicalType = .double
    case .string: (physicalType, logicalType) = (.byteArray, .string)
    case .bytes: physicalType = .byteArray
    case .date: (physicalType, logicalType) = (.int32, .date)
    case .timestamp:
      (physicalType, logicalType) = (.int64, .timestamp(isAdjustedToUTC: true, unit: .microseconds))
    case .localTimestamp:
      (physicalType, logicalType) = (.int64, .timestamp(isAdjustedToUTC: false, unit: .microseconds))
    case .decimal(let digits, let places):
      physicalType = digits <= 9 ? .int32 : digits <= 18 ? .int64 : .fixedLengthByteArray
      if digits > 18 { typeLength = Int32(Self.decimalLength(precision: digits)) }
      (precision, scale) = (Int32(digits), Int32(places))
      logicalType = .decimal(scale: Int32(places), precision: Int32(digits))
    }
    convertedType = logicalType.flatMap { LogicalTypeTable.convertedType(for: $0) }
  }

  /// The fewest bytes in which every number of so many digits fits with its sign.
  static func decimalLength(precision: Int) -> Int {
    let limit = Decimal128.powerOfTen(precision)
    return (1..<16).first { limit <= Int128(1) << Int128($0 * 8 - 1) } ?? 16
  }
}
