internal import TokyoDataCore

/// A time column by whose UTC days rows are split.
///
/// Conditions are ranges with bounds of the column's own type, so that its index serves.
struct TimeSplit: Sendable {
  private let table: PostgresStatement
  private let column: PostgresStatement
  private let type: ColumnType

  /// Asks for the column's type.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` where it is none of the types that have days.
  init(_ name: String, of table: PostgresStatement, in session: some PostgresSession) async throws {
    self.table = table
    column = "\(identifier: name)"
    type = try await session.query("SELECT \(column) FROM \(table) LIMIT 0").schema.fields[0].type
    guard [.timestamp, .localTimestamp, .date].contains(type) else {
      throw TokyoDataError(
        .invalidArgument, "only a timestamp or date splits rows by day", context: .init(column: name))
    }
  }

  init(_ name: String, _ type: ColumnType, of table: PostgresStatement) {
    self.table = table
    column = "\(identifier: name)"
    self.type = type
  }

  /// A part for each day from the first row's to the last one's, and one for rows without a day.
  func parts(in session: some PostgresSession) async throws -> [PartPlan.Part] {
    let isDated: PostgresStatement = "isfinite(\(column))"
    let ends = try await session.ask(
      """
      SELECT (SELECT \(day) FROM \(table) WHERE \(isDated) ORDER BY \(column) LIMIT 1) AS first,
        (SELECT \(day) FROM \(table) WHERE \(isDated) ORDER BY \(column) DESC LIMIT 1) AS last
      """)
    let undated = PartPlan.Part(
      PostgresPart(extent: .undated), "(\(column) IS NULL OR \(column) IN ('infinity', '-infinity'))")
    guard case .date(let first) = ends.columns[0][0], case .date(let last) = ends.columns[1][0],
      first <= last
    else { return [undated] }
    return try await parts(of: first...last, in: session) + [undated]
  }

  /// A part for each day of the range; where these are very many, for each that has rows.
  func parts(
    of range: ClosedRange<Day>, in session: some PostgresSession
  ) async throws -> [PartPlan.Part] {
    let isCountable = [range.lowerBound, range.upperBound].allSatisfy(Self.countable.contains)
    guard type == .date || isCountable else {
      throw TokyoDataError(.invalidArgument, "the days lie outside of what a timestamp can be")
    }
    guard range.lowerBound.distance(to: range.upperBound) >= PartPlan.maximumParts else {
      return range.map(part)
    }
    let days = try await session.ask(
      """
      SELECT DISTINCT \(day) AS day FROM \(table)
      WHERE \(condition(for: range)) AND isfinite(\(column)) ORDER BY 1
      """)
    return (0..<days.rowCount).compactMap { row in
      if case .date(let day) = days.columns[0][row] { part(day) } else { nil }
    }
  }

  private func part(_ day: Day) -> PartPlan.Part {
    PartPlan.Part(PostgresPart(extent: .day(day)), condition(for: day...day))
  }

  private var day: PostgresStatement {
    type == .timestamp ? "(\(column) AT TIME ZONE 'UTC')::date" : "\(column)::date"
  }

  /// The rows of these days.
  func condition(for days: ClosedRange<Day>) -> PostgresStatement {
    let (from, until) = (days.lowerBound, days.upperBound.next)
    // A date's last day has no next one.
    if type == .date { return "\(column) >= \(from) AND \(column) <= \(days.upperBound)" }
    return "\(column) >= \(start(of: from)) AND \(column) < \(start(of: until))"
  }

  private func start(of day: Day) -> PostgresStatement {
    type == .timestamp
      ? "\(day.start)" : "\(LocalTimestamp(microsecondsSince1970: day.start.microsecondsSince1970))"
  }

  /// The days whose first microsecond 64 bits can count.
  private static let countable = Day(daysSince1970: -106_000_000)...Day(daysSince1970: 106_000_000)
}
