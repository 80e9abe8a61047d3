public import TokyoDataCore

/// A Swift type whose values can stand in a ``PostgresStatement``.
public protocol PostgresBindable {
  /// The value as a bind.
  var postgresBind: PostgresBind { get }
  /// NULL in the place of such a value.
  static var postgresNull: PostgresBind { get }
}

/// A Swift type of which an array is one bind.
public protocol PostgresArrayBindable {
  /// The array as a bind.
  static func postgresBind(of array: [Self]) -> PostgresBind
}

extension PostgresArrayBindable where Self: PostgresBindable {
  /// The array as a bind of the values' own type.
  public static func postgresBind(of array: [Self]) -> PostgresBind {
    .array(of: Self.postgresNull.type, array.map(\.postgresBind))
  }
}

extension Bool: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .bool(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.bool) }
}

extension Int16: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .int2(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.int2) }
}

extension Int32: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .int4(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.int4) }
}

extension Int64: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .int8(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.int8) }
  /// The array as a bind.
  public static func postgresBind(of array: [Int64]) -> PostgresBind { .int8Array(array) }
}

extension Int: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .int8(Int64(self)) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.int8) }
  /// The array as a bind.
  public static func postgresBind(of array: [Int]) -> PostgresBind { .int8Array(array.map(Int64.init)) }
}

extension UInt32: PostgresBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .int8(Int64(self)) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.int8) }
}

extension Float: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .float4(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.float4) }
}

extension Double: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .float8(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.float8) }
}

extension String: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .text(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.inferred) }
  /// The array as a bind.
  public static func postgresBind(of array: [String]) -> PostgresBind { .textArray(array) }
}

extension UInt8: PostgresArrayBindable {
  /// Bytes are a `bytea`, not an array.
  public static func postgresBind(of array: [UInt8]) -> PostgresBind { .bytes(array) }
}

extension Array: PostgresBindable where Element: PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { Element.postgresBind(of: self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(Element.postgresBind(of: []).type) }
}

extension Optional: PostgresBindable where Wrapped: PostgresBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { self?.postgresBind ?? Wrapped.postgresNull }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { Wrapped.postgresNull }
}

extension Optional: PostgresArrayBindable where Wrapped: PostgresBindable & PostgresArrayBindable {
  /// The array as a bind, in which nil is NULL.
  public static func postgresBind(of array: [Wrapped?]) -> PostgresBind {
    .array(of: Wrapped.postgresBind(of: []).type.element ?? .inferred, array.map(\.postgresBind))
  }
}

extension Decimal128: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .numeric(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.numeric) }
}

extension Day: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .date(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.date) }
}

extension Timestamp: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .timestamp(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.timestamptz) }
}

extension LocalTimestamp: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .localTimestamp(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.timestamp) }
}

extension TimeOfDay: PostgresBindable, PostgresArrayBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind { .time(self) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.time) }
}

extension ColumnValue: PostgresBindable {
  /// The value as a bind.
  public var postgresBind: PostgresBind {
    switch self {
    case .null: .null(.inferred)
    case .bool(let value): .bool(value)
    case .int(let value): .int8(value)
    case .float(let value): .float4(value)
    case .double(let value): .float8(value)
    case .decimal(let value): .numeric(value)
    case .string(let value): .text(value)
    case .bytes(let value): .bytes(value)
    case .date(let value): .date(value)
    case .time(let value): .time(value)
    case .timestamp(let value): .timestamp(value)
    case .localTimestamp(let value): .localTimestamp(value)
    case .list(let values): .array(of: .inferred, values.map(\.postgresBind))
    case .structure(let values): .composite(values.map(\.postgresBind))
    // A value that PostgreSQL does not have leaves a text that the server refuses.
    case .map(let entries): .text((try? Self.hstore(entries)) ?? "=")
    }
  }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.inferred) }

  private static func hstore(_ entries: [ColumnMapEntry]) throws(PostgresError) -> String {
    var pairs: [(key: String, value: String?)] = []
    for entry in entries {
      guard let key = try entry.key.postgresBind.text() else {
        throw PostgresError(.valueNotRepresentable, "a map has a key that is null")
      }
      pairs.append((key, try entry.value.postgresBind.text()))
    }
    return CompositeText.hstore(of: pairs)
  }
}
