/// SQL in which every `\(value)` is a bind, sent beside the text and never part of it.
///
/// ```swift
/// let statement: PostgresStatement = "SELECT name FROM \(identifier: table) WHERE id = \(id)"
/// ```
///
/// - `\(value)` binds a value: the text shows `$1`, `$2`, ….
/// - `\(identifier: "schema", "table")` quotes a name.
/// - `\(statement)` inserts another statement with its binds.
/// - `\(unescaped: text)` inserts SQL as it is: never let a user's text in here.
public struct PostgresStatement: Sendable {
  enum Segment: Sendable {
    case sql(String)
    case bind(PostgresBind)
  }

  var segments: [Segment]

  /// Makes a statement of SQL as it is: never of a user's text.
  public init(unescaped sql: String) { segments = [.sql(sql)] }

  init(segments: [Segment]) { self.segments = segments }

  /// The statements one after the other, with a text between them.
  public static func joining(_ statements: [PostgresStatement], separator: String) -> PostgresStatement {
    PostgresStatement(segments: Array(statements.map(\.segments).joined(separator: [.sql(separator)])))
  }
}

extension PostgresStatement: ExpressibleByStringInterpolation {
  /// A statement without binds.
  public init(stringLiteral value: String) { segments = [.sql(value)] }

  /// A statement with binds.
  public init(stringInterpolation: StringInterpolation) { segments = stringInterpolation.segments }

  /// Collects the parts of a statement.
  public struct StringInterpolation: StringInterpolationProtocol, Sendable {
    var segments: [Segment] = []

    /// Makes an empty collector.
    public init(literalCapacity: Int, interpolationCount: Int) {
      segments.reserveCapacity(2 * interpolationCount + 1)
    }

    /// Adds SQL that stands in the source.
    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { segments.append(.sql(literal)) }
    }

    /// Binds a value.
    public mutating func appendInterpolation(_ value: some PostgresBindable) {
      segments.append(.bind(value.postgresBind))
    }

    /// Binds a value, or NULL of its type.
    ///
    /// It has a place of its own, so that the compiler does not take optionals here for an oversight.
    public mutating func appendInterpolation<Value: PostgresBindable>(_ value: Value?) {
      segments.append(.bind(value.postgresBind))
    }

    /// Binds a value that is made already.
    public mutating func appendInterpolation(_ bind: PostgresBind) {
      segments.append(.bind(bind))
    }

    /// Inserts a statement with its binds.
    public mutating func appendInterpolation(_ statement: PostgresStatement) {
      segments += statement.segments
    }

    /// Quotes a name, or several joined by points, such as schema and table.
    public mutating func appendInterpolation(identifier names: String...) {
      segments.append(.sql(names.map(PostgresStatement.quoted(identifier:)).joined(separator: ".")))
    }

    /// Inserts SQL as it is: never a user's text.
    public mutating func appendInterpolation(unescaped sql: String) {
      segments.append(.sql(sql))
    }
  }
}
