internal import TokyoDataCore

/// Renders comparisons in the order of the query language: exact numbers exactly, texts by code point, NaN
/// equal to itself and above every number, of which Athena has nothing of its own.
struct AthenaComparisonSQL {
  let expressions: AthenaExpressionSQL

  init(_ query: ResolvedQuery) {
    expressions = AthenaExpressionSQL(query: query)
  }

  // MARK: With a literal

  func condition(
    _ subject: ColumnExpression, _ comparison: Filter.Comparison, _ literal: ComparisonLiteral
  ) throws(TokyoDataError) -> String {
    let type = try expressions.query.type(of: subject)
    switch literal {
    case .beyond(let isAbove):
      let holds =
        switch comparison {
        case .equal: false
        case .notEqual: true
        case .less, .lessOrEqual: isAbove
        case .greater, .greaterOrEqual: !isAbove
        }
      return holds ? "(\(try expressions.presence(subject)) IS NOT NULL)" : "false"
    case .above(let digits):
      let below: ComparisonLiteral = type.isInteger ? .integer(Int64(clamping: digits)) : .digits(digits)
      switch comparison {
      case .equal, .notEqual: return try condition(subject, comparison, .beyond(isAbove: true))
      case .less, .lessOrEqual: return try condition(subject, .lessOrEqual, below)
      case .greater, .greaterOrEqual: return try condition(subject, .greater, below)
      }
    case .float(let rank): return try condition(subject, comparison, number: FloatOrder.value(rank))
    case .integer, .digits, .bytes:
      return
        "(\(try expressions.value(subject)) \(Self.sign(comparison)) \(try Self.sql(literal, beside: type)))"
    }
  }

  private func condition(
    _ subject: ColumnExpression, _ comparison: Filter.Comparison, number: Double
  ) throws(TokyoDataError) -> String {
    let value = try expressions.double(subject)
    let literal = AthenaSQL.double(number)
    guard number.isNaN else {
      return switch comparison {
      case .greater, .greaterOrEqual:
        "(\(value) \(Self.sign(comparison)) \(literal) OR is_nan(\(value)))"
      default: "(\(value) \(Self.sign(comparison)) \(literal))"
      }
    }
    return switch comparison {
    case .equal, .greaterOrEqual: "is_nan(\(value))"
    case .notEqual, .less: "(NOT is_nan(\(value)))"
    case .lessOrEqual: "(\(value) IS NOT NULL)"
    case .greater: "false"
    }
  }

  /// The value is one of the literals, or (false) not null and none of them.
  func membership(
    of subject: ColumnExpression, in set: LiteralSet, _ truth: Bool
  ) throws(TokyoDataError) -> String {
    let type = try expressions.query.type(of: subject)
    var exact: [String] = []
    var numbers: [String] = []
    var hasNaN = false
    for literal in set.literals {
      guard case .float(let rank) = literal else {
        exact.append(try Self.sql(literal, beside: type))
        continue
      }
      let number = FloatOrder.value(rank)
      if number.isNaN { hasNaN = true } else { numbers.append(AthenaSQL.double(number)) }
    }
    var parts: [String] = []
    if !exact.isEmpty {
      parts.append("\(try expressions.value(subject)) IN (\(exact.joined(separator: ", ")))")
    }
    if !numbers.isEmpty {
      parts.append("\(try expressions.double(subject)) IN (\(numbers.joined(separator: ", ")))")
    }
    if hasNaN { parts.append("is_nan(\(try expressions.double(subject)))") }
    guard !parts.isEmpty else {
      return truth ? "false" : "(\(try expressions.presence(subject)) IS NOT NULL)"
    }
    let isOne = "(\(parts.joined(separator: " OR ")))"
    return truth ? isOne : "(NOT \(isOne))"
  }

  private static func sql(
    _ literal: ComparisonLiteral, beside type: ColumnType
  ) throws(TokyoDataError) -> String {
    switch literal {
    case .integer(let value):
      switch type {
      case .bool: AthenaSQL.bool(value != 0)
      case .date: AthenaSQL.date(Day(daysSince1970: Int32(clamping: value)))
      default: AthenaSQL.integer(value)
      }
    case .digits(let digits):
      AthenaSQL.decimal(Decimal128(unchecked: digits, scale: type.exactScale ?? 0))
    case .bytes(let bytes):
      type == .bytes ? AthenaSQL.bytes(bytes) : AthenaSQL.string(String(decoding: bytes, as: UTF8.self))
    case .float, .above, .beyond:
      throw TokyoDataError(.internal, "a literal that equals no value of its column stands in SQL")
    }
  }

  // MARK: With each other

  func condition(
    _ left: ColumnExpression, _ comparison: Filter.Comparison, _ right: ColumnExpression
  ) throws(TokyoDataError) -> String {
    let (leftType, rightType) = (
      try expressions.query.type(of: left), try expressions.query.type(of: right)
    )
    if leftType.isFloatingPoint || rightType.isFloatingPoint {
      return numbers(try expressions.double(left), comparison, try expressions.double(right))
    }
    let sides = (try expressions.value(left), try expressions.value(right))
    if let scale = leftType.exactScale, let other = rightType.exactScale, scale != other {
      return scale < other
        ? decimals(sides.0, scale, comparison, sides.1, other)
        : decimals(sides.1, other, comparison.mirrored, sides.0, scale)
    }
    return "(\(sides.0) \(Self.sign(comparison)) \(sides.1))"
  }

  /// Two binary numbers; null where one is.
  private func numbers(_ left: String, _ comparison: Filter.Comparison, _ right: String) -> String {
    switch comparison {
    case .equal: "(\(left) = \(right) OR (is_nan(\(left)) AND is_nan(\(right))))"
    case .notEqual: "(NOT (\(left) = \(right) OR (is_nan(\(left)) AND is_nan(\(right)))))"
    case .less: "(\(left) < \(right) OR (is_nan(\(right)) AND NOT is_nan(\(left))))"
    case .lessOrEqual: "(\(left) <= \(right) OR (is_nan(\(right)) AND \(left) IS NOT NULL))"
    case .greater, .greaterOrEqual: numbers(right, comparison.mirrored, left)
    }
  }

  /// Two exact numbers of different places.
  ///
  /// Brought to the places of the second one the first may have more than 38 digits; then it lies beyond all
  /// that the second can be.
  private func decimals(
    _ coarse: String, _ scale: Int, _ comparison: Filter.Comparison, _ fine: String, _ places: Int
  ) -> String {
    let bound = AthenaSQL.decimal(
      Decimal128(unchecked: Decimal128.powerOfTen(38 - places + scale), scale: scale))
    let type = "decimal(38,\(places))"
    let number = "CAST(\(coarse) AS decimal(38,\(scale)))"
    let (ifAbove, ifBelow) =
      switch comparison {
      case .equal: (false, false)
      case .notEqual: (true, true)
      case .less, .lessOrEqual: (false, true)
      case .greater, .greaterOrEqual: (true, false)
      }
    return """
      (CASE WHEN \(number) >= \(bound) THEN \(ifAbove ? "\(fine) IS NOT NULL" : "false") \
      WHEN \(number) <= -\(bound) THEN \(ifBelow ? "\(fine) IS NOT NULL" : "false") \
      ELSE CAST(\(number) AS \(type)) \(Self.sign(comparison)) CAST(\(fine) AS \(type)) END)
      """
  }

  private static func sign(_ comparison: Filter.Comparison) -> String {
    switch comparison {
    case .equal: "="
    case .notEqual: "<>"
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}
