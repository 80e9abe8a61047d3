internal import TokyoDataCore

/// Names and values as Athena's SQL writes them, each with its exact type.
///
/// Athena guesses types of bare literals: `1` is an integer of 32 bits, `1.0` a decimal of two digits. So what
/// is not an integer says what it is.
enum AthenaSQL {
  /// A name in quotes, whatever it consists of.
  static func identifier(_ name: String) -> String { name.quoted(with: "\"") }

  /// A column of a table: Hive folds names to lower case, and so does Athena.
  static func column(_ name: String) -> String { identifier(name.lowercased()) }

  /// A text; with control characters in it by their numbers, so that logs and editors show them.
  static func string(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text.quoted(with: "'") }
    var escaped = ""
    for scalar in text.unicodeScalars {
      if scalar == "\\" {
        escaped += "\\\\"
      } else if isControl(scalar) {
        escaped += "\\" + hexadecimal(UInt64(scalar.value), digits: 4)
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return "U&" + escaped.quoted(with: "'")
  }

  static func bytes(_ bytes: [UInt8]) -> String {
    "X'" + bytes.map { hexadecimal(UInt64($0), digits: 2) }.joined() + "'"
  }

  static func integer(_ value: Int64) -> String {
    // The digits of the least one alone, before the sign, are more than a bigint holds.
    value == .min ? "BIGINT '\(value)'" : "\(value)"
  }

  /// A decimal with exactly its places.
  static func decimal(_ value: Decimal128) -> String { "DECIMAL '\(value)'" }

  static func double(_ value: Double) -> String { "DOUBLE '\(javaText(value, value.description))'" }

  static func real(_ value: Float) -> String { "REAL '\(javaText(Double(value), value.description))'" }

  static func bool(_ value: Bool) -> String { value ? "true" : "false" }

  static func date(_ day: Day) -> String {
    guard (1...9_999).contains(day.civil.year) else {
      return "date_add('day', \(day.daysSince1970), DATE '1970-01-01')"
    }
    return "DATE '\(day)'"
  }

  /// No value, of a type.
  static func null(_ type: ColumnType) -> String { "CAST(NULL AS \(AthenaSQL.type(type)))" }

  /// The type that values of a column have in our queries: times are their microseconds there.
  static func type(_ type: ColumnType) -> String {
    switch type {
    case .bool: "boolean"
    case .int8: "tinyint"
    case .int16: "smallint"
    case .int32: "integer"
    case .float: "real"
    case .double: "double"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .bytes: "varbinary"
    case .date: "date"
    case .int64, .time, .timestamp, .localTimestamp: "bigint"
    case .string, .list, .structure, .map: "varchar"
    }
  }

  private static func javaText(_ value: Double, _ text: String) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return text
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
