public import TokyoDataCore

/// SQL for Athena in which every `\(value)` is a parameter, sent beside the text and never part of it.
///
/// ```swift
/// let sales: SQLStatement = """
///   SELECT region, sum(amount) AS total
///   FROM \(dataset: orders.name, days: first...last) AS o
///   WHERE status = \(status)
///   GROUP BY region
///   """
/// ```
///
/// - `\(value)` is a parameter: the text shows `?`.
/// - `\(dataset: name)` reads a dataset: it becomes a subselect over exactly the versions that the ledger names.
/// - `\(identifier: "schema", "table")` quotes a name.
/// - `\(statement)` inserts another statement with its parameters.
/// - `\(unescaped: text)` inserts SQL as it is: never let a user's text in here.
///
/// A dataset's subselect has the dataset's columns, and `<time>__us`, the time column's microseconds since
/// 1970 as a `bigint`. Athena rounds `timestamp` columns to milliseconds: compare and group by `<time>__us`
/// where that matters.
public struct SQLStatement: Sendable {
  enum Segment: Sendable {
    case sql(String)
    case value(ColumnValue)
    case source(SQLSource)
  }

  var segments: [Segment]

  /// Makes a statement of SQL as it is: never of a user's text.
  public init(unescaped sql: String) { segments = [.sql(sql)] }

  init(segments: [Segment]) { self.segments = segments }

  /// The statements one after the other, with a text between them.
  public static func joining(_ statements: [SQLStatement], separator: String) -> SQLStatement {
    SQLStatement(segments: Array(statements.map(\.segments).joined(separator: [.sql(separator)])))
  }

  /// What the statement reads, in its order.
  var sources: [SQLSource] {
    segments.compactMap { if case .source(let source) = $0 { source } else { nil } }
  }
}

/// A dataset that a statement reads, and which of its days.
struct SQLSource: Hashable, Sendable {
  var dataset: DatasetName
  var timeRange: TimeRange
}

extension SQLStatement: ExpressibleByStringInterpolation {
  /// A statement without parameters.
  public init(stringLiteral value: String) { segments = [.sql(value)] }

  /// A statement with parameters.
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

    /// Makes a value a parameter.
    public mutating func appendInterpolation(_ value: some ColumnRepresentable) {
      segments.append(.value(value.columnValue))
    }

    /// Makes a value a parameter, or NULL where there is none.
    ///
    /// It has a place of its own, so that the compiler does not take optionals here for an oversight.
    public mutating func appendInterpolation<Value: ColumnRepresentable>(_ value: Value?) {
      segments.append(.value(value?.columnValue ?? .null))
    }

    /// Makes a value a parameter.
    public mutating func appendInterpolation(_ value: ColumnValue) { segments.append(.value(value)) }

    /// Reads a dataset, of the days given or of all.
    ///
    /// Fewer days are fewer bytes to pay for: a condition on the time column alone does not tell Athena which
    /// folders it may leave out.
    public mutating func appendInterpolation(dataset name: DatasetName, days: ClosedRange<Day>? = nil) {
      segments.append(.source(SQLSource(dataset: name, timeRange: days.map(TimeRange.init) ?? .unbounded)))
    }

    /// Inserts a statement with its parameters.
    public mutating func appendInterpolation(_ statement: SQLStatement) {
      segments += statement.segments
    }

    /// Quotes a name, or several joined by points, such as schema and table.
    public mutating func appendInterpolation(identifier names: String...) {
      segments.append(.sql(names.map(AthenaSQL.identifier).joined(separator: ".")))
    }

    /// Inserts SQL as it is: never a user's text.
    public mutating func appendInterpolation(unescaped sql: String) {
      segments.append(.sql(sql))
    }
  }
}
