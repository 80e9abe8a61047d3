/// The type of a column, in the terms that both tiers share.
///
/// Every type is nullable; whether a column may hold nulls is its ``ColumnField``'s to say.
@nonexhaustive
public enum ColumnType: Hashable, Sendable {
  /// True or false.
  case bool
  /// A signed integer of 8 bits.
  case int8
  /// A signed integer of 16 bits.
  case int16
  /// A signed integer of 32 bits.
  case int32
  /// A signed integer of 64 bits.
  case int64
  /// An IEEE 754 binary32 number.
  case float
  /// An IEEE 754 binary64 number.
  case double
  /// An exact number of at most `precision` digits (1–38), `scale` of them after the point (0–precision).
  case decimal(precision: Int, scale: Int)
  /// Text in UTF-8.
  case string
  /// Bytes without meaning to us.
  case bytes
  /// A calendar date (``Day``).
  case date
  /// A time of day in microseconds (``TimeOfDay``).
  case time
  /// An instant in microseconds (``Timestamp``).
  case timestamp
  /// A date and time without zone in microseconds (``LocalTimestamp``).
  case localTimestamp
  /// Any number of elements in order.
  indirect case list(ColumnElement)
  /// Named fields, at least one, all there in every value.
  indirect case structure([ColumnField])
  /// Any number of keys, never null, each with a value; in order, and not checked for repeated keys.
  indirect case map(key: ColumnType, value: ColumnElement)

  /// How deep types may lie within types.
  public static var maximumDepth: Int { 100 }

  /// The type, if its parameters are possible.
  ///
  /// - Throws: `ColumnError.invalidType` for a decimal outside 1–38 digits or with more places than digits,
  ///   for a structure without fields or with one name twice, and for types nested too deeply.
  public func validated() throws(ColumnError) -> ColumnType {
    try validate(depth: 0)
    return self
  }

  private func validate(depth: Int) throws(ColumnError) {
    guard depth < Self.maximumDepth else {
      throw ColumnError(.invalidType, "types nested more than \(Self.maximumDepth) deep")
    }
    switch self {
    case .decimal(let precision, let scale):
      guard (1...Decimal128.maximumPrecision).contains(precision), (0...precision).contains(scale) else {
        throw ColumnError(.invalidType, "decimal(\(precision),\(scale)) is not possible: 1–38 digits")
      }
    case .list(let element): try element.type.validate(depth: depth + 1)
    case .structure(let fields):
      guard !fields.isEmpty else { throw ColumnError(.invalidType, "a structure without fields") }
      var names: Set<String> = []
      for field in fields {
        guard names.insert(field.name).inserted else {
          throw ColumnError(.invalidType, "a structure with one name twice", column: field.name)
        }
        try field.type.validate(depth: depth + 1)
      }
    case .map(let key, let value):
      try key.validate(depth: depth + 1)
      try value.type.validate(depth: depth + 1)
    default: break
    }
  }

  /// The type is one of the signed integers.
  public var isInteger: Bool { self == .int8 || self == .int16 || self == .int32 || self == .int64 }

  /// The type is `float` or `double`.
  public var isFloatingPoint: Bool { self == .float || self == .double }

  /// The type holds values of other types: a list, a structure or a map.
  public var isNested: Bool {
    switch self {
    case .list, .structure, .map: true
    default: false
    }
  }

  /// The scale of a decimal, 0 for integers, nil for all other types.
  public var exactScale: Int? {
    if case .decimal(_, let scale) = self { return scale }
    return isInteger ? 0 : nil
  }
}
