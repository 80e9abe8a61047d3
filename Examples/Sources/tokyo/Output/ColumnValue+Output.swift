internal import Foundation
internal import TokyoData

extension ColumnValue {
  /// The value in JSON: decimals as texts with their full scale, bytes in base64, null as null.
  var json: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .integer(Int(value))
    case .float(let value): Self.json(of: value)
    case .double(let value): Self.json(of: value)
    case .bytes(let value): .string(Data(value).base64EncodedString())
    default: .optional(text)
    }
  }

  /// The value in a cell of a table for people; null is empty.
  var cell: String {
    switch self {
    case .string(let text): text.split(whereSeparator: \.isNewline).joined(separator: " ")
    default: text ?? ""
    }
  }

  /// `description` of a finite number is the shortest text that reads back as the same.
  private static func json(of value: some BinaryFloatingPoint & CustomStringConvertible) -> JSON {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value.sign == .minus ? "-Infinity" : "Infinity" }
    return .number(value.description)
  }
}

extension ColumnType {
  /// Its values stand to the right in a table.
  var isNumber: Bool { isInteger || isFloatingPoint || exactScale != nil }
}
