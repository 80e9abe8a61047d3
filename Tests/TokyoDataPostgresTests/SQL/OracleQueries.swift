import TokyoDataCore

/// Random queries over the oracle's table, of every kind that the query language has.
struct OracleQueries {
  let dataset: Dataset
  var random: OracleRandom

  mutating func next() -> Query {
    var query = Query(dataset.name)
    if random.isOne(in: 3) { query.timeRange = range() }
    if !random.isOne(in: 4) { query.filter = filter(depth: 2) }
    if random.isOne(in: 2) { addGroups(to: &query) } else { addRows(to: &query) }
    return query
  }

  /// Ranges that do not touch, with open ends or gaps.
  mutating func ranges() -> [TimeRange] {
    switch random.below(5) {
    case 0: return [range()]
    case 1:
      let days = (0..<3).map { _ in OracleTable.firstDay.advanced(by: random.below(9)) }
      return TimeRange.unbounded.excluding(days)
    case 2: return []
    default: return [.unbounded]
    }
  }

  private mutating func range() -> TimeRange {
    func bound() -> Timestamp? {
      if random.isOne(in: 4) { return nil }
      if case .timestamp(let time) = OracleTable.time(&random) { return time }
      return nil
    }
    let bounds = [bound(), bound()]
    if let from = bounds[0], let until = bounds[1], from > until {
      return TimeRange(from: until, until: from)
    }
    return TimeRange(from: bounds[0], until: bounds[1])
  }

  // MARK: What is asked

  private mutating func addRows(to query: inout Query) {
    query.projections = [Projection("Key")]
    for number in 0..<random.below(4) {
      query.projections.append(Projection(expression(), as: "column \(number)"))
    }
    guard random.isOne(in: 2) else { return }
    for _ in 0...random.below(2) {
      query.orderings.append(
        Ordering(
          random.isOne(in: 4) ? query.projections[random.below(query.projections.count)].name : column().name,
          descending: random.isOne(in: 2), nullsFirst: random.isOne(in: 3)))
    }
    if random.isOne(in: 2) { query.limit = random.below(12) }
  }

  private mutating func addGroups(to query: inout Query) {
    for number in 0..<random.below(3) {
      if random.isOne(in: 3) {
        let time = random.pick(["at", "day", "local time"])
        query.groupings.append(
          .bucket(TimeBucket(random.pick(TimeBucket.Unit.allCases), of: time, as: "bucket \(number)")))
      } else {
        let name = column().name
        if !query.groupings.contains(.column(name)) { query.groupings.append(.column(name)) }
      }
    }
    query.aggregates = [.count]
    for number in 0..<random.below(4) {
      query.aggregates.append(Aggregate(aggregate(), as: "aggregate \(number)"))
    }
  }

  private mutating func aggregate() -> Aggregate.Function {
    switch random.below(6) {
    case 0: .count(operand())
    case 1: .min(operand())
    case 2: .max(operand())
    case 3: .average(number())
    default: .sum(number())
    }
  }

  private mutating func operand() -> ColumnExpression {
    random.isOne(in: 4) ? expression() : .column(column().name)
  }

  /// Of binary numbers only those whose sums are exact in every order.
  private mutating func number() -> ColumnExpression {
    let summable = ["year", "month", "a\"b", "tame", "amount", "wide"]
    return random.isOne(in: 4)
      ? .multiply(.column("year"), .column(random.pick(["tame", "year", "amount"])))
      : .column(random.pick(summable))
  }

  private mutating func column() -> ColumnField { random.pick(dataset.schema.fields) }

  /// Arithmetic stays where it mostly fits: what overflows must fail in both, and half the queries should not.
  private mutating func expression() -> ColumnExpression {
    func side() -> ColumnExpression {
      switch random.below(6) {
      case 0: .literal(.int(Int64(random.below(5))))
      case 1: .literal(.double(0.5))
      case 2: .literal(random.isOne(in: 4) ? .null : .int(2))
      default: .column(random.pick(["year", "month", "amount", "tame", "Key", "year", "wide", "a\"b"]))
      }
    }
    switch random.below(8) {
    case 0: return .add(side(), side())
    case 1: return .subtract(side(), side())
    case 2: return .multiply(side(), side())
    case 3: return .multiply(.add(side(), .column("year")), side())
    default: return .column(column().name)
    }
  }

  // MARK: Filters

  private mutating func filter(depth: Int) -> Filter {
    if depth > 0, random.isOne(in: 3) {
      let parts = (0..<random.below(4)).map { _ in filter(depth: depth - 1) }
      switch random.below(3) {
      case 0: return .and(parts)
      case 1: return .or(parts)
      default: return .not(filter(depth: depth - 1))
      }
    }
    let field = column()
    let subject = ColumnExpression.column(field.name)
    switch random.below(9) {
    case 0: return .isNull(random.isOne(in: 5) ? .literal(random.pick([.null, 1, "a"])) : subject)
    case 1: return .isIn(subject, (0..<random.below(5)).map { _ in literal(field) })
    case 2: return .between(subject, literal(field), literal(field))
    case 3: return .hasPrefix(.column("user"), random.pick(OracleTable.texts))
    case 4: return .compare(subject, comparison(), .column(column().name))
    case 5: return .compare(.literal(literal(field)), comparison(), subject)
    case 6: return .compare(small(), comparison(), small())
    default: return .compare(subject, comparison(), .literal(literal(field)))
    }
  }

  /// Arithmetic that never overflows: within a filter the engines differ in which rows they look at.
  private mutating func small() -> ColumnExpression {
    func side() -> ColumnExpression {
      random.isOne(in: 3)
        ? .literal(random.pick([1, 2.5, .null])) : .column(random.pick(["year", "tame", "Key"]))
    }
    return random.isOne(in: 3) ? side() : .add(side(), .column("year"))
  }

  private mutating func comparison() -> Filter.Comparison { random.pick(Filter.Comparison.allCases) }

  /// Mostly of the column's type, sometimes null, of another kind, or beyond what the column holds.
  private mutating func literal(_ field: ColumnField) -> ColumnValue {
    if random.isOne(in: 8) { return .null }
    guard random.isOne(in: 3) else {
      return field.type == .timestamp ? OracleTable.time(&random) : OracleTable.value(of: field, &random)
    }
    switch field.type {
    case .timestamp, .date: return random.pick([.string("2025-12-30"), .date(OracleTable.firstDay)])
    case .localTimestamp: return .string("2025-12-30T00:00:00")
    case .bytes: return .string("AQI=")
    case .string, .bool: return OracleTable.value(of: field, &random)
    default:
      return random.pick([
        .int(.max), .int(70_000), .int(-70_000), .double(1.5), .double(.nan), .double(-.infinity),
        .double(1e300),
        .double(0.1), .float(0.1), .int(0), .double(-0.0),
        (try? Decimal128(unscaled: 1_005, scale: 3)).map { .decimal($0) } ?? .null,
        (try? Decimal128(unscaled: 9_007_199_254_740_993, scale: 0)).map { .decimal($0) } ?? .null,
      ])
    }
  }
}
