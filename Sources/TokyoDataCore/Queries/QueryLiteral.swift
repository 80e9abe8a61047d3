/// Literals in a query's JSON form: bare where JSON has the kind, else `{"literal": …, "type": …}`.
enum QueryLiteral {
  /// The value of a bare JSON literal; nil for objects.
  static func bareValue(_ decoder: any Decoder) throws -> ColumnValue? {
    guard let container = try? decoder.singleValueContainer() else { return nil }
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Bool.self) { return .bool(value) }
    if let value = try? container.decode(Int64.self) { return .int(value) }
    // Integers beyond 64 bits keep their digits.
    if let value = try? container.decode(Int128.self), let digits = try? Decimal128(unscaled: value, scale: 0)
    {
      return .decimal(digits)
    }
    if let value = try? container.decode(Double.self) { return .double(value) }
    if let value = try? container.decode(String.self) { return .string(value) }
    return nil
  }

  /// The value of `{"literal": …}` with an optional `type`.
  static func value(_ container: KeyedDecodingContainer<QueryKey>) throws -> ColumnValue {
    let bare = try bareValue(container.superDecoder(forKey: "literal"))
    guard let bare else { throw TokyoDataError(.invalidArgument, "a literal is a JSON scalar") }
    guard let name = try container.decodeIfPresent(String.self, forKey: "type") else { return bare }
    guard let value = typed(bare, name) else {
      throw TokyoDataError(.invalidArgument, "a literal is not what its type, \(name), says")
    }
    return value
  }

  private static func typed(_ value: ColumnValue, _ name: String) -> ColumnValue? {
    let type = ColumnType(name)
    switch (name, value) {
    case ("decimal", .string(let text)): return Decimal128(text).map { .decimal($0) }
    case ("decimal", .int(let value)): return .decimal(Decimal128(value))
    case ("double", .double), ("bool", .bool), ("string", .string), ("int64", .int): return value
    case ("double", .int(let value)): return .double(Double(value))
    case ("float", .int(let value)): return .float(Float(value))
    case ("float", .double(let value)): return .float(Float(value))
    case ("double", .string), ("bytes", .string), ("date", .string), ("time", .string),
      ("timestamp", .string),
      ("localTimestamp", .string):
      return type.flatMap { try? value.coerced(to: $0) }
    case ("float", .string):
      guard case .double(let double)? = try? value.coerced(to: .double) else { return nil }
      return .float(Float(double))
    default: return nil
    }
  }

  /// JSON has the kind of the value.
  static func isBare(_ value: ColumnValue) -> Bool {
    switch value {
    case .null, .bool, .int, .string: true
    default: false
    }
  }

  static func encodeBare(_ value: ColumnValue, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    default: try container.encodeNil()
    }
  }

  static func encode(_ value: ColumnValue, into container: inout KeyedEncodingContainer<QueryKey>) throws {
    let key: QueryKey = "literal"
    switch value {
    case .null: try container.encodeNil(forKey: key)
    case .bool(let value): try container.encode(value, forKey: key)
    case .int(let value): try container.encode(value, forKey: key)
    case .string(let value): try container.encode(value, forKey: key)
    case .float(let value): try encode(Double(value), "float", into: &container)
    case .double(let value): try encode(value, "double", into: &container)
    case .decimal(let value): try encode(value.description, "decimal", into: &container)
    case .bytes(let value): try encode(Base64.encode(value), "bytes", into: &container)
    case .date(let value): try encode(value.description, "date", into: &container)
    case .time(let value): try encode(value.description, "time", into: &container)
    case .timestamp(let value): try encode(value.description, "timestamp", into: &container)
    case .localTimestamp(let value): try encode(value.description, "localTimestamp", into: &container)
    case .list, .structure, .map:
      throw TokyoDataError(.unsupported, "a query has no literals of nested types")
    }
  }

  private static func encode(
    _ text: String, _ type: String, into container: inout KeyedEncodingContainer<QueryKey>
  ) throws {
    try container.encode(text, forKey: "literal")
    try container.encode(type, forKey: "type")
  }

  private static func encode(
    _ number: Double, _ type: String, into container: inout KeyedEncodingContainer<QueryKey>
  ) throws {
    guard number.isFinite else {
      return try encode(
        number.isNaN ? "NaN" : (number < 0 ? "-Infinity" : "Infinity"), type, into: &container)
    }
    try container.encode(number, forKey: "literal")
    try container.encode(type, forKey: "type")
  }
}
