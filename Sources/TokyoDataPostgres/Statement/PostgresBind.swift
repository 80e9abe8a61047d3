public import TokyoDataCore

/// A value on its way to the server, with the type it is sent as.
@nonexhaustive
public enum PostgresBind: Hashable, Sendable {
  /// NULL of a type, or of whatever type its place has.
  case null(PostgresType)
  /// `bool`.
  case bool(Bool)
  /// `int2`.
  case int2(Int16)
  /// `int4`.
  case int4(Int32)
  /// `int8`.
  case int8(Int64)
  /// `float4`.
  case float4(Float)
  /// `float8`.
  case float8(Double)
  /// `numeric`.
  case numeric(Decimal128)
  /// A text whose type its place decides, so that it also serves as `uuid`, `jsonb` or an enum.
  case text(String)
  /// `bytea`.
  case bytes([UInt8])
  /// A text that the server reads as a type, such as a range.
  case typedText(String, as: PostgresType)
  /// `date`.
  case date(Day)
  /// `time`.
  case time(TimeOfDay)
  /// `timestamptz`.
  case timestamp(Timestamp)
  /// `timestamp`.
  case localTimestamp(LocalTimestamp)
  /// `int8[]`.
  case int8Array([Int64])
  /// `text[]`.
  case textArray([String])
  /// An array of a type, whose elements are binds of that type or null; its place decides where it is inferred.
  case array(of: PostgresType, [PostgresBind])
  /// A composite whose type its place decides.
  case composite([PostgresBind])

  /// The type it is sent as.
  public var type: PostgresType {
    switch self {
    case .null(let type): type
    case .bool: .bool
    case .int2: .int2
    case .int4: .int4
    case .int8: .int8
    case .float4: .float4
    case .float8: .float8
    case .numeric: .numeric
    case .text, .composite: .inferred
    case .typedText(_, let type): type
    case .bytes: .bytea
    case .date: .date
    case .time: .time
    case .timestamp: .timestamptz
    case .localTimestamp: .timestamp
    case .int8Array: .int8Array
    case .textArray: .textArray
    case .array(let element, _): element.array ?? .inferred
    }
  }
}

/// A parameter in the form that goes over the wire.
struct EncodedParameter: Hashable, Sendable {
  var type: PostgresType
  /// Nil for NULL.
  var bytes: [UInt8]?
  /// Texts of inferred type travel as text: their binary form would be that of the inferred type.
  var isBinary: Bool
}
