public import TokyoDataCore

/// What can bound a ``PostgresRange``.
public protocol PostgresRangeBound: PostgresBindable, LosslessStringConvertible, Hashable, Sendable {
  /// The type of ranges between such values.
  static var postgresRangeType: PostgresType { get }
}

/// A value of `int4range`, `int8range`, `numrange`, `daterange`, `tsrange` or `tstzrange`.
///
/// It binds with its type, and rows decode into it from the text in which a result brings it:
/// `decode((Int, PostgresRange<Day>).self)`. The server brings ranges of integers and dates into the form
/// `[…)`; two ranges are equal here where their edges are.
public struct PostgresRange<Bound: PostgresRangeBound>: Hashable, Sendable {
  /// Where a range ends.
  public enum Edge: Hashable, Sendable {
    /// Nowhere.
    case unbounded
    /// At a value that belongs to the range.
    case included(Bound)
    /// Before a value, or behind it.
    case excluded(Bound)
  }

  /// Where it begins.
  public let lower: Edge
  /// Where it ends.
  public let upper: Edge
  /// No value lies in it; it then has no edges.
  public let isEmpty: Bool

  /// Makes a range of its edges; the server refuses one that ends before it begins.
  public init(lower: Edge, upper: Edge) { self.init(lower: lower, upper: upper, isEmpty: false) }

  private init(lower: Edge, upper: Edge, isEmpty: Bool) {
    self.lower = lower
    self.upper = upper
    self.isEmpty = isEmpty
  }

  /// The range in which nothing lies.
  public static var empty: PostgresRange {
    PostgresRange(lower: .unbounded, upper: .unbounded, isEmpty: true)
  }
}

extension PostgresRange where Bound: Comparable {
  /// Makes a range without its upper bound.
  public init(_ range: Range<Bound>) {
    self.init(lower: .included(range.lowerBound), upper: .excluded(range.upperBound))
  }

  /// Makes a range with both bounds.
  public init(_ range: ClosedRange<Bound>) {
    self.init(lower: .included(range.lowerBound), upper: .included(range.upperBound))
  }
}

extension PostgresRange: LosslessStringConvertible {
  /// Reads PostgreSQL's text, such as `[1,5)`, `(,2026-01-01]` or `empty`; nil for another text, and for a
  /// bound that its type does not have, such as `infinity`.
  public init?(_ description: String) {
    if description == "empty" {
      self = .empty
      return
    }
    var reader = CompositeTextReader(description)
    let includesLower = reader.accept("[")
    guard includesLower || reader.accept("("), let lower = reader.token(endingAt: ","), reader.accept(","),
      let upper = reader.token(endingAt: "])")
    else { return nil }
    let includesUpper = reader.accept("]")
    guard includesUpper || reader.accept(")"), reader.isAtEnd,
      let from = Self.edge(lower, isIncluded: includesLower),
      let to = Self.edge(upper, isIncluded: includesUpper)
    else { return nil }
    self.init(lower: from, upper: to)
  }

  private static func edge(_ token: CompositeTextReader.Token, isIncluded: Bool) -> Edge? {
    if token.isMissing { return .unbounded }
    guard let bound = Bound(CalendarWireText.civil(token.text)) else { return nil }
    return isIncluded ? .included(bound) : .excluded(bound)
  }

  /// PostgreSQL's text of the range.
  public var description: String {
    if isEmpty { return "empty" }
    let opening = if case .included = lower { "[" } else { "(" }
    let closing = if case .included = upper { "]" } else { ")" }
    return "\(opening)\(Self.text(lower)),\(Self.text(upper))\(closing)"
  }

  private static func text(_ edge: Edge) -> String {
    switch edge {
    case .unbounded: ""
    // The server says what is wrong with a bound that it does not have.
    case .included(let bound), .excluded(let bound):
      "\"\((try? bound.postgresBind.text()) ?? bound.description)\""
    }
  }
}

extension PostgresRange: ColumnRepresentable {
  /// Text: a result brings ranges as such.
  public static var columnType: ColumnType? { .string }

  /// The range whose text a column holds.
  public init?(columnValue: ColumnValue) {
    guard case .string(let text) = columnValue else { return nil }
    self.init(text)
  }

  /// The range's text.
  public var columnValue: ColumnValue { .string(description) }
}

extension PostgresRange: PostgresBindable, PostgresArrayBindable {
  /// The range as a bind of its type.
  public var postgresBind: PostgresBind { .typedText(description, as: Bound.postgresRangeType) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(Bound.postgresRangeType) }
  /// The array as a bind whose type its place decides.
  public static func postgresBind(of array: [PostgresRange]) -> PostgresBind {
    .array(of: .inferred, array.map(\.postgresBind))
  }
}

extension Int32: PostgresRangeBound {
  /// `int4range`.
  public static var postgresRangeType: PostgresType { .int4Range }
}

extension Int64: PostgresRangeBound {
  /// `int8range`.
  public static var postgresRangeType: PostgresType { .int8Range }
}

extension Int: PostgresRangeBound {
  /// `int8range`.
  public static var postgresRangeType: PostgresType { .int8Range }
}

extension Decimal128: PostgresRangeBound {
  /// `numrange`.
  public static var postgresRangeType: PostgresType { .numericRange }
}

extension Day: PostgresRangeBound {
  /// `daterange`.
  public static var postgresRangeType: PostgresType { .dateRange }
}

extension Timestamp: PostgresRangeBound {
  /// `tstzrange`.
  public static var postgresRangeType: PostgresType { .timestamptzRange }
}

extension LocalTimestamp: PostgresRangeBound {
  /// `tsrange`.
  public static var postgresRangeType: PostgresType { .timestampRange }
}
