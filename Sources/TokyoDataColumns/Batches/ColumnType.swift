/// The type of a column, in the terms that both tiers share.
///
/// Every type is nullable; whether a column may hold nulls is its ``ColumnField``'s to say.
@nonexhaustive
public enum ColumnType: Hashable, Sendable {
  /// True or false.
  case bool
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
  /// An instant in microseconds (``Timestamp``).
  case timestamp
  /// A date and time without zone in microseconds (``LocalTimestamp``).
  case localTimestamp

  /// The type, if its parameters are possible.
  ///
  /// - Throws: `ColumnError.invalidType` for a decimal outside 1–38 digits or with more places than digits.
  public func validated() throws(ColumnError) -> ColumnType {
    if case .decimal(let precision, let scale) = self {
      guard (1...Decimal128.maximumPrecision).contains(precision), (0...precision).contains(scale) else {
        throw ColumnError(.invalidType, "decimal(\(precision),\(scale)) is not possible: 1–38 digits")
      }
    }
    return self
  }

  /// The type is one of the signed integers.
  public var isInteger: Bool { self == .int16 || self == .int32 || self == .int64 }

  /// The type is `float` or `double`.
  public var isFloatingPoint: Bool { self == .float || self == .double }

  /// The scale of a decimal, 0 for integers, nil for all other types.
  public var exactScale: Int? {
    if case .decimal(_, let scale) = self { return scale }
    return isInteger ? 0 : nil
  }
}

extension ColumnType: LosslessStringConvertible {
  /// Reads the names that `description` prints, such as `int64` or `decimal(12,2)`.
  public init?(_ description: String) {
    if let named = Self.named.first(where: { $0.name == description }) {
      self = named.type
      return
    }
    guard description.hasPrefix("decimal("), description.hasSuffix(")") else { return nil }
    let parts = description.dropFirst("decimal(".count).dropLast().split(separator: ",")
    guard parts.count == 2, let precision = Int(parts[0]), let scale = Int(parts[1]),
      let type = try? ColumnType.decimal(precision: precision, scale: scale).validated()
    else { return nil }
    self = type
  }

  /// The value as text.
  public var description: String {
    if case .decimal(let precision, let scale) = self { return "decimal(\(precision),\(scale))" }
    return Self.named.first { $0.type == self }?.name ?? "unknown"
  }

  private static let named: [(name: String, type: ColumnType)] = [
    ("bool", .bool), ("int16", .int16), ("int32", .int32), ("int64", .int64),
    ("float", .float), ("double", .double), ("string", .string), ("bytes", .bytes),
    ("date", .date), ("timestamp", .timestamp), ("localTimestamp", .localTimestamp),
  ]
}

extension ColumnType: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(ColumnType.self, expected: "a column type such as decimal(12,2)")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}
