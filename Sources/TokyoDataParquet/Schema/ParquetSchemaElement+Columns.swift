internal import TokyoDataColumns

extension ParquetSchemaElement {
  /// The elements of a column and of what lies below it, depth first.
  ///
  /// - Parameter label: What the texts of a leaf mean, by the leaf's dotted path.
  static func elements(
    for field: ColumnField, path: [String] = [],
    label: (_ path: [String]) -> ParquetLabel?
  ) -> [ParquetSchemaElement] {
    let path = path + [field.name]
    var own = ParquetSchemaElement(name: field.name)
    own.repetition = field.isNullable ? .optional : .required
    func below(_ name: String, _ element: ColumnElement, in path: [String]) -> [ParquetSchemaElement] {
      elements(
        for: ColumnField(name, element.type, isNullable: element.isNullable), path: path, label: label)
    }
    switch field.type {
    case .structure(let fields):
      own.childCount = Int32(truncatingIfNeeded: fields.count)
      return [own] + fields.flatMap { elements(for: $0, path: path, label: label) }
    case .list(let element):
      own.annotate(.list)
      own.childCount = 1
      return [own, .repeated("list", children: 1)] + below("element", element, in: path + ["list"])
    case .map(let key, let value):
      own.annotate(.map)
      own.childCount = 1
      let inner = path + ["key_value"]
      return [own, .repeated("key_value", children: 2)]
        + below("key", ColumnElement(key, isNullable: false), in: inner) + below("value", value, in: inner)
    default:
      own.describe(field.type, label(path))
      return [own]
    }
  }

  private static func repeated(_ name: String, children: Int32) -> ParquetSchemaElement {
    var element = ParquetSchemaElement(name: name)
    element.repetition = .repeated
    element.childCount = children
    return element
  }

  /// Both annotations, from the one table.
  private mutating func annotate(_ logical: ParquetLogicalType) {
    logicalType = logical
    convertedType = LogicalTypeTable.convertedType(for: logical)
  }

  /// How the values of a type that is not nested lie in the file, and what they mean.
  private mutating func describe(_ type: ColumnType, _ label: ParquetLabel?) {
    switch type {
    case .bool: physicalType = .boolean
    case .int8: (physicalType, logicalType) = (.int32, .integer(bitWidth: 8, isSigned: true))
    case .int16: (physicalType, logicalType) = (.int32, .integer(bitWidth: 16, isSigned: true))
    case .int32: physicalType = .int32
    case .int64: physicalType = .int64
    case .float: physicalType = .float
    case .double: physicalType = .double
    case .string:
      switch label {
      case .uuid: (physicalType, typeLength, logicalType) = (.fixedLengthByteArray, 16, .uuid)
      case .json: (physicalType, logicalType) = (.byteArray, .json)
      case .enumeration: (physicalType, logicalType) = (.byteArray, .enumeration)
      default: (physicalType, logicalType) = (.byteArray, .string)
      }
    case .bytes: physicalType = .byteArray
    case .date: (physicalType, logicalType) = (.int32, .date)
    case .time: (physicalType, logicalType) = (.int64, .time(isAdjustedToUTC: false, unit: .microseconds))
    case .timestamp:
      (physicalType, logicalType) = (.int64, .timestamp(isAdjustedToUTC: true, unit: .microseconds))
    case .localTimestamp:
      (physicalType, logicalType) = (.int64, .timestamp(isAdjustedToUTC: false, unit: .microseconds))
    case .decimal(let digits, let places):
      physicalType = digits <= 9 ? .int32 : digits <= 18 ? .int64 : .fixedLengthByteArray
      if digits > 18 { typeLength = Int32(Self.decimalLength(precision: digits)) }
      (precision, scale) = (Int32(digits), Int32(places))
      logicalType = .decimal(scale: Int32(places), precision: Int32(digits))
    case .list, .structure, .map: return
    }
    if let logicalType { annotate(logicalType) }
  }

  /// The fewest bytes in which every number of so many digits fits with its sign.
  static func decimalLength(precision: Int) -> Int {
    let limit = Decimal128.powerOfTen(precision)
    return (1..<16).first { limit <= Int128(1) << Int128($0 * 8 - 1) } ?? 16
  }
}
