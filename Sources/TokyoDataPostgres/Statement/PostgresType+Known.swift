extension PostgresType {
  /// A built-in type whose values we send or read by its own binary form.
  private struct Known {
    var type: PostgresType
    /// How SQL writes it.
    var name: String
    /// The type of its arrays.
    var array: PostgresType
  }

  private static let known: [Known] = [
    Known(type: .bool, name: "bool", array: PostgresType(oid: 1000)),
    Known(type: .bytea, name: "bytea", array: PostgresType(oid: 1001)),
    Known(type: .char, name: "\"char\"", array: PostgresType(oid: 1002)),
    Known(type: .name, name: "name", array: PostgresType(oid: 1003)),
    Known(type: .int2, name: "int2", array: PostgresType(oid: 1005)),
    Known(type: .int4, name: "int4", array: PostgresType(oid: 1007)),
    Known(type: .int8, name: "int8", array: .int8Array),
    Known(type: .text, name: "text", array: .textArray),
    Known(type: .oid, name: "oid", array: PostgresType(oid: 1028)),
    Known(type: .xid, name: "xid", array: PostgresType(oid: 1011)),
    Known(type: .xid8, name: "xid8", array: PostgresType(oid: 271)),
    Known(type: .json, name: "json", array: PostgresType(oid: 199)),
    Known(type: .jsonb, name: "jsonb", array: PostgresType(oid: 3807)),
    Known(type: .float4, name: "float4", array: PostgresType(oid: 1021)),
    Known(type: .float8, name: "float8", array: PostgresType(oid: 1022)),
    Known(type: .bpchar, name: "bpchar", array: PostgresType(oid: 1014)),
    Known(type: .varchar, name: "varchar", array: PostgresType(oid: 1015)),
    Known(type: .date, name: "date", array: PostgresType(oid: 1182)),
    Known(type: .time, name: "time", array: PostgresType(oid: 1183)),
    Known(type: .timestamp, name: "timestamp", array: PostgresType(oid: 1115)),
    Known(type: .timestamptz, name: "timestamptz", array: PostgresType(oid: 1185)),
    Known(type: .numeric, name: "numeric", array: PostgresType(oid: 1231)),
    Known(type: .uuid, name: "uuid", array: PostgresType(oid: 2951)),
  ]

  private static let arrays = Dictionary(uniqueKeysWithValues: known.map { ($0.type, $0.array) })
  private static let elements = Dictionary(uniqueKeysWithValues: known.map { ($0.array, $0.type) })
  private static let names = Dictionary(uniqueKeysWithValues: known.map { ($0.type, $0.name) })
  private static let ranges: [PostgresType: String] = [
    .int4Range: "int4range", .int8Range: "int8range", .numericRange: "numrange",
    .timestampRange: "tsrange", .timestamptzRange: "tstzrange", .dateRange: "daterange",
  ]

  /// The type of arrays of this type, nil for types that the server made up or that we do not know.
  var array: PostgresType? { Self.arrays[self] }

  /// The type of this array type's elements, nil for all other types and arrays of types we do not know.
  var element: PostgresType? { Self.elements[self] }

  /// The type as SQL writes it, nil for types that we do not know.
  var sqlName: String? {
    if let element { return Self.names[element].map { "\($0)[]" } }
    return Self.names[self] ?? Self.ranges[self]
  }

  /// The type was made after the server was: a composite, an enum, an extension's type or an array of such.
  var isUserDefined: Bool { oid >= 16_384 }

  /// We read the type in binary into a column of one fixed kind, `string` excepted.
  var isReadInBinary: Bool { Self.names[self] != nil || element != nil }
}
