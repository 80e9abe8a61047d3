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

  /// The value in JSON, with the names that a structure's type has: lists as arrays, maps as arrays of pairs.
  func json(as type: ColumnType) -> JSON {
    switch (self, type) {
    case (.list(let elements), .list(let element)): .array(elements.map { $0.json(as: element.type) })
    case (.structure(let values), .structure(let fields)):
      .object(zip(fields, values).map { .init(name: $0.name, value: $1.json(as: $0.type)) })
    case (.map(let entries), .map(let key, let value)):
      .array(entries.map { [$0.key.json(as: key), $0.value.json(as: value.type)] })
    default: json
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
