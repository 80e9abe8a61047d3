internal import TokyoDataCore

/// A type as Athena names it in what it tells of a result.
enum AthenaType: Hashable, Sendable {
  case boolean, tinyint, smallint, integer, bigint, real, double
  case decimal(precision: Int, scale: Int)
  /// `varchar`, `char`, and everything that Athena has a text for that says all: `json`, `uuid`, intervals.
  case text
  case varbinary, date, time, timestamp, timestampWithZone
  /// Arrays, maps and rows: what Athena writes for them does not tell a comma between two texts from one in a text.
  case nested

  init(_ column: AthenaColumn) {
    self =
      switch column.type.lowercased() {
      case "boolean": .boolean
      case "tinyint": .tinyint
      case "smallint": .smallint
      case "integer", "int": .integer
      case "bigint": .bigint
      case "float", "real": .real
      case "double": .double
      case "decimal": .decimal(precision: column.precision ?? 38, scale: column.scale ?? 0)
      case "varbinary", "binary": .varbinary
      case "date": .date
      case "time": .time
      case "timestamp": .timestamp
      case "timestamp with time zone": .timestampWithZone
      case "array", "map", "row", "struct": .nested
      default: .text
      }
  }

  /// The type of our columns that holds exactly its values; nil for nested ones, of which Athena tells too little.
  var columnType: ColumnType? {
    switch self {
    case .boolean: .bool
    case .tinyint: .int8
    case .smallint: .int16
    case .integer: .int32
    case .bigint: .int64
    case .real: .float
    case .double: .double
    case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
    case .text: .string
    case .varbinary: .bytes
    case .date: .date
    case .time: .time
    case .timestamp: .localTimestamp
    case .timestampWithZone: .timestamp
    case .nested: nil
    }
  }

  /// Its text can be read exactly as values of a column's type; whether each value fits is seen when it is read.
  func canBeRead(as type: ColumnType) -> Bool {
    switch (self, type) {
    case (.tinyint, _), (.smallint, _), (.integer, _), (.bigint, _):
      switch type {
      case .int8, .int16, .int32, .int64, .decimal: true
      // Times of ours are microseconds in Athena where it has no type for them, or not their digits.
      case .time, .timestamp, .localTimestamp: self == .bigint
      default: false
      }
    case (.real, .float), (.double, .double), (.decimal, .decimal), (.text, .string): true
    case (.timestamp, .timestamp), (.timestamp, .localTimestamp), (.timestampWithZone, .timestamp): true
    default: columnType == type
    }
  }
}
