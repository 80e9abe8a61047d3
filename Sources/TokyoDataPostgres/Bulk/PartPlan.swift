internal import TokyoDataCore

/// What is read in parts: a select list from a table, and the column that splits it.
struct PartPlan: Sendable {
  let table: PostgresStatement
  let selectList: PostgresStatement
  let schema: ColumnSchema?
  let split: PostgresSplit
  /// The time column of the dataset.
  var timeColumn: String?

  /// The most parts by key, and the most days for which it does not pay to ask which of them have rows.
  static let maximumParts = 10_000

  /// Looks which parts there are; every row is in exactly one, but for days that are not asked for.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for bounds that do not ascend, or a column of another type.
  func parts(in session: some PostgresSession) async throws -> [Part] {
    switch split.way {
    case .whole: return [Part(PostgresPart(extent: .all), "true")]
    case .days(let range, let column):
      guard let column = column ?? timeColumn else {
        throw TokyoDataError(.invalidArgument, "the rows have no time column whose days could split them")
      }
      let time = try await TimeSplit(column, of: table, in: session)
      if let range { return try await time.parts(of: range, in: session) }
      return try await time.parts(in: session)
    case .keys(let column, let count):
      let ends = try await keyEnds(column, in: session)
      return Self.parts(of: column, at: ends.map { Self.bounds(within: $0, parts: count) } ?? [])
    case .bounds(let column, let bounds):
      guard zip(bounds, bounds.dropFirst()).allSatisfy(<), bounds.count < Self.maximumParts else {
        throw TokyoDataError(.invalidArgument, "the bounds of parts ascend, and are fewer than 10,000")
      }
      _ = try await keyEnds(column, in: session)
      return Self.parts(of: column, at: bounds)
    }
  }

  /// The statement that selects a part's rows.
  func statement(for part: Part) -> PostgresStatement {
    "SELECT \(selectList) FROM \(table) WHERE \(part.condition)"
  }

  /// The least and the greatest value, nil without any.
  private func keyEnds(
    _ column: String, in session: some PostgresSession
  ) async throws -> ClosedRange<Int64>? {
    let key: PostgresStatement = "\(identifier: column)"
    let type = try await session.query("SELECT \(key) FROM \(table) LIMIT 0").schema.fields[0].type
    guard type.isInteger else {
      throw TokyoDataError(
        .invalidArgument, "only a column of integers splits rows by key", context: .init(column: column))
    }
    let rows = try await session.ask("SELECT min(\(key)) AS least, max(\(key)) AS greatest FROM \(table)")
    guard case .int(let least) = rows.columns[0][0], case .int(let greatest) = rows.columns[1][0],
      least <= greatest
    else { return nil }
    return least...greatest
  }

  /// Where parts of equal width begin, but for the first.
  static func bounds(within keys: ClosedRange<Int64>, parts: Int) -> [Int64] {
    guard parts > 1 else { return [] }
    let parts = UInt64(min(parts, maximumParts))
    // The distance may pass what Int64 counts, so it is taken without sign.
    let last = UInt64(bitPattern: keys.upperBound &- keys.lowerBound)
    let width = last / parts + 1
    return (1..<parts).prefix { $0 <= last / width }.map { part in
      keys.lowerBound &+ Int64(bitPattern: part &* width)
    }
  }

  static func parts(of column: String, at bounds: [Int64]) -> [Part] {
    let key: PostgresStatement = "\(identifier: column)"
    let starts = [nil] + bounds.map(Optional.some)
    return zip(starts, bounds.map(Optional.some) + [nil]).map { from, until in
      let conditions = [
        from.map { "\(key) >= \($0)" as PostgresStatement }, until.map { "\(key) < \($0)" },
      ].compactMap { $0 }
      let within: PostgresStatement =
        conditions.isEmpty ? "true" : .joining(conditions, separator: " AND ")
      return Part(
        PostgresPart(extent: .keys(column: column, from: from, until: until)),
        from == nil && until != nil ? "(\(within) OR \(key) IS NULL)" : within)
    }
  }

  /// A part and the condition for its rows.
  struct Part: Sendable {
    let part: PostgresPart
    let condition: PostgresStatement

    init(_ part: PostgresPart, _ condition: PostgresStatement) {
      self.part = part
      self.condition = condition
    }
  }
}
