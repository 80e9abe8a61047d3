extension RandomQueries {
  mutating func filter(depth: Int) -> Filter {
    if depth > 0, random.isOne(in: 3) {
      let parts = (0..<random.below(4)).map { _ in filter(depth: depth - 1) }
      switch random.below(3) {
      case 0: return .and(parts)
      case 1: return .or(parts)
      default: return .not(filter(depth: depth - 1))
      }
    }
    let field = random.pick(dataset.schema.fields)
    let subject = ColumnExpression.column(field.name)
    switch random.below(9) {
    case 0: return .isNull(random.isOne(in: 5) ? .literal(random.pick([.null, 1, "a"])) : subject)
    case 1: return .isIn(subject, (0..<random.below(5)).map { _ in literal(field) })
    case 2: return .between(subject, literal(field), literal(field))
    case 3: return .hasPrefix(.column("user"), random.pick(RandomScenario.texts))
    case 4: return .compare(subject, comparison(), .column(other(than: field).name))
    case 5: return .compare(.literal(literal(field)), comparison(), subject)
    case 6: return .compare(small(), comparison(), random.isOne(in: 2) ? small() : .literal(2.5))
    default: return .compare(subject, comparison(), .literal(literal(field)))
    }
  }

  /// A column that a column compares with.
  private mutating func other(than field: ColumnField) -> ColumnField {
    func isNumber(_ type: ColumnType) -> Bool { type.exactScale != nil || type.isFloatingPoint }
    return random.pick(
      dataset.schema.fields.filter { $0.type == field.type || (isNumber($0.type) && isNumber(field.type)) })
  }

  /// Arithmetic that never overflows: within a filter the engines differ in which rows they look at.
  mutating func small() -> ColumnExpression {
    func side() -> ColumnExpression {
      random.isOne(in: 3)
        ? .literal(random.pick([1, 2.5, .null])) : .column(random.pick(["year", "tame", "id"]))
    }
    return .add(side(), .column("year"))
  }

  /// Mostly of the column's type, sometimes null, of another kind, or beyond what the column holds.
  private mutating func literal(_ field: ColumnField) -> ColumnValue {
    if random.isOne(in: 8) { return .null }
    guard random.isOne(in: 3) else { return RandomScenario.value(of: field, &random) }
    switch field.type {
    case .timestamp, .date: return random.pick([.string("2025-12-30"), .date(RandomScenario.days[1])])
    case .localTimestamp: return .string("2025-12-30T00:00:00")
    case .bytes: return .string("AQI=")
    case .string, .bool, .time: return RandomScenario.value(of: field, &random)
    default: return random.pick(Self.strangeNumbers)
    }
  }

  private static let strangeNumbers: [ColumnValue] =
    [
      .int(.max), .int(.min), .int(70_000), .int(-70_000), .double(1.5), .double(.nan), .double(-.infinity),
      .double(1e300), .double(0.1), .float(0.1), .int(0), .double(-0.0),
    ]
    + [(1_005, 3), (9_007_199_254_740_993, 0), (-5, 1)].map { unscaled, scale in
      (try? Decimal128(unscaled: unscaled, scale: scale)).map { .decimal($0) } ?? .null
    }
}
