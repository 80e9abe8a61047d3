/// What the values of a column mean, beyond how they lie in the file.
@nonexhaustive
public enum ParquetLogicalType: Hashable, Sendable {
  /// The unit of times and timestamps.
  @nonexhaustive
  public enum TimeUnit: Hashable, Sendable {
    /// Thousandths of a second.
    case milliseconds
    /// Millionths of a second.
    case microseconds
    /// Thousand-millionths of a second.
    case nanoseconds
  }

  /// Text in UTF-8.
  case string
  /// A group of keys and values.
  case map
  /// A group of elements.
  case list
  /// One of a set of texts.
  case enumeration
  /// An exact number.
  case decimal(scale: Int32, precision: Int32)
  /// Days since 1970-01-01.
  case date
  /// A time of day.
  case time(isAdjustedToUTC: Bool, unit: TimeUnit)
  /// An instant, or a date and time without zone.
  case timestamp(isAdjustedToUTC: Bool, unit: TimeUnit)
  /// An integer of 8 to 64 bits.
  case integer(bitWidth: Int8, isSigned: Bool)
  /// Nothing but nulls.
  case null
  /// A JSON document in UTF-8.
  case json
  /// A BSON document.
  case bson
  /// A UUID of 16 bytes.
  case uuid
  /// An IEEE 754 binary16 number of 2 bytes.
  case float16
  /// Months, days and milliseconds in 12 bytes; the format has it as a converted type only.
  case interval
  /// A member of the format's union that is unknown here, by its number.
  case unknown(Int)
}

extension ParquetLogicalType {
  init(_ reader: inout CompactReader, _ field: CompactReader.Field) throws(ParquetError) {
    var type: ParquetLogicalType?
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 5: type = try Self.decimal(&reader, field)
      case 7:
        let (isAdjustedToUTC, unit) = try Self.time(&reader, field)
        type = unit.map { .time(isAdjustedToUTC: isAdjustedToUTC, unit: $0) } ?? .unknown(7)
      case 8:
        let (isAdjustedToUTC, unit) = try Self.time(&reader, field)
        type = unit.map { .timestamp(isAdjustedToUTC: isAdjustedToUTC, unit: $0) } ?? .unknown(8)
      case 10: type = try Self.integer(&reader, field)
      default:
        type = Self.plain[field.id] ?? .unknown(field.id)
        try reader.skip(field)
      }
    }
    self = try required(type, "logical type")
  }

  func write(_ id: Int, to writer: inout CompactWriter) {
    switch self {
    case .decimal(let scale, let precision):
      writer.field(id) { union in
        union.field(5) {
          $0.field(1, int32: scale)
          $0.field(2, int32: precision)
        }
      }
    case .time(let isAdjustedToUTC, let unit):
      writer.field(id) { Self.write(7, isAdjustedToUTC, unit, to: &$0) }
    case .timestamp(let isAdjustedToUTC, let unit):
      writer.field(id) { Self.write(8, isAdjustedToUTC, unit, to: &$0) }
    case .integer(let bitWidth, let isSigned):
      writer.field(id) { union in
        union.field(10) {
          $0.field(1, int8: bitWidth)
          $0.field(2, bool: isSigned)
        }
      }
    default:
      guard let member = Self.plain.first(where: { $0.value == self })?.key else { return }
      writer.field(id) { $0.emptyStructure(member) }
    }
  }

  /// The members of the union that carry nothing but their name.
  private static let plain: [Int: ParquetLogicalType] = [
    1: .string, 2: .map, 3: .list, 4: .enumeration, 6: .date, 11: .null, 12: .json, 13: .bson, 14: .uuid,
    15: .float16,
  ]

  private static func decimal(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> ParquetLogicalType {
    var (scale, precision): (Int32?, Int32?)
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: scale = try reader.int32(field)
      case 2: precision = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
    return .decimal(
      scale: try required(scale, "decimal scale"), precision: try required(precision, "decimal precision"))
  }

  private static func integer(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> ParquetLogicalType {
    var (bitWidth, isSigned): (Int8?, Bool?)
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: bitWidth = try reader.int8(field)
      case 2: isSigned = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    return .integer(
      bitWidth: try required(bitWidth, "integer width"), isSigned: try required(isSigned, "integer sign"))
  }

  private static func time(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> (Bool, TimeUnit?) {
    var isAdjustedToUTC: Bool?
    var unit: TimeUnit?
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: isAdjustedToUTC = try reader.bool(field)
      case 2:
        try reader.structure(field) { (reader, field) throws(ParquetError) in
          unit = [1: .milliseconds, 2: .microseconds, 3: .nanoseconds][field.id]
          try reader.skip(field)
        }
      default: try reader.skip(field)
      }
    }
    return (try required(isAdjustedToUTC, "time's adjustment"), unit)
  }

  private static func write(
    _ member: Int, _ isAdjustedToUTC: Bool, _ unit: TimeUnit, to union: inout CompactWriter
  ) {
    union.field(member) { time in
      time.field(1, bool: isAdjustedToUTC)
      time.field(2) { $0.emptyStructure(unit == .milliseconds ? 1 : unit == .microseconds ? 2 : 3) }
    }
  }
}
