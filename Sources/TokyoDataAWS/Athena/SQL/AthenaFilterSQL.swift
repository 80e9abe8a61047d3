internal import TokyoDataCore

/// Renders a filter from the program that the evaluator runs: its negations stand at the leaves, its literals
/// fit their columns, so only leaves need care and a row passes where the whole is true.
struct AthenaFilterSQL {
  let query: ResolvedQuery

  func condition(_ program: FilterProgram) throws(TokyoDataError) -> String {
    let comparisons = AthenaComparisonSQL(query)
    let expressions = comparisons.expressions
    switch program {
    case .constant(let truth): return AthenaSQL.bool(truth)
    case .all(let parts): return try joined(parts, by: " AND ", empty: "true")
    case .any(let parts): return try joined(parts, by: " OR ", empty: "false")
    case .isNull(let value, let truth):
      return "(\(try expressions.presence(value)) IS \(truth ? "NULL" : "NOT NULL"))"
    case .hasPrefix(let value, let prefix, let truth):
      let text = AthenaSQL.string(String(decoding: prefix, as: UTF8.self))
      let sql = "starts_with(\(try expressions.value(value)), \(text))"
      return truth ? sql : "(NOT \(sql))"
    case .isIn(let value, let set, let truth): return try comparisons.membership(of: value, in: set, truth)
    case .literal(let value, let comparison, let literal):
      return try comparisons.condition(value, comparison, literal)
    case .columns(let left, let comparison, let right):
      return try comparisons.condition(left, comparison, right)
    }
  }

  private func joined(
    _ parts: [FilterProgram], by word: String, empty: String
  ) throws(TokyoDataError) -> String {
    var conditions: [String] = []
    for part in parts { conditions.append(try condition(part)) }
    return conditions.isEmpty ? empty : "(\(conditions.joined(separator: word)))"
  }
}
