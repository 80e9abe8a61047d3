/// Random queries over a scenario's dataset, of every kind that the query language has; the same for the same
/// seed.
///
/// Their answers do not hang on the order of rows or of evaluation: binary numbers are added only where that is
/// exact, and filters and rows under a limit compute only what cannot overflow.
package struct RandomQueries: Sendable {
  package let dataset: Dataset
  var random: SeededRandom

  package init(_ scenario: RandomScenario) {
    dataset = scenario.dataset
    random = SeededRandom(seed: ~scenario.seed)
  }

  package mutating func next() -> Query {
    var query = Query(dataset.name)
    if random.isOne(in: 3) { query.timeRange = range() }
    if !random.isOne(in: 3) { query.filter = filter(depth: 2) }
    if random.isOne(in: 2) { addGroups(to: &query) } else { addRows(to: &query) }
    return query
  }

  private mutating func range() -> TimeRange {
    func bound() -> Timestamp? {
      random.isOne(in: 4) ? nil : RandomScenario.instant(in: random.pick(RandomScenario.days), &random)
    }
    let bounds = [bound(), bound()]
    if let from = bounds[0], let until = bounds[1], from > until {
      return TimeRange(from: until, until: from)
    }
    return TimeRange(from: bounds[0], until: bounds[1])
  }

  // MARK: What is asked

  private mutating func addRows(to query: inout Query) {
    let isOrdered = !random.isOne(in: 4)
    // An engine may compute what it shows of the rows that a limit leaves only, so that cannot overflow.
    if random.isOne(in: isOrdered ? 2 : 3) { query.limit = random.below(30) }
    query.projections = [Projection("id")]
    for number in 0..<random.below(4) {
      let shown = query.limit == nil ? expression() : random.isOne(in: 3) ? small() : .column(column().name)
      query.projections.append(Projection(shown, as: "column \(number)"))
    }
    guard isOrdered else { return }
    for _ in 0...random.below(2) {
      query.orderings.append(
        Ordering(
          random.isOne(in: 4) ? query.projections[random.below(query.projections.count)].name : column().name,
          descending: random.isOne(in: 2), nullsFirst: random.isOne(in: 3)))
    }
  }

  private mutating func addGroups(to query: inout Query) {
    for number in 0..<random.below(3) {
      if random.isOne(in: 3) {
        let times = dataset.schema.fields.filter { [.date, .timestamp, .localTimestamp].contains($0.type) }
        query.groupings.append(
          .bucket(
            TimeBucket(
              random.pick(TimeBucket.Unit.allCases), of: random.pick(times).name, as: "bucket \(number)")))
      } else {
        let name = column().name
        if !query.groupings.contains(.column(name)) { query.groupings.append(.column(name)) }
      }
    }
    query.aggregates = [.count]
    for number in 0..<random.below(4) {
      query.aggregates.append(Aggregate(aggregate(), as: "aggregate \(number)"))
    }
    if random.isOne(in: 4) {
      query.having = .column("count", comparison(), .int(Int64(random.below(5))))
    }
    guard random.isOne(in: 2) else { return }
    query.orderings = [Ordering("count", descending: random.isOne(in: 2))]
    if random.isOne(in: 2) { query.limit = random.below(6) }
  }

  private mutating func aggregate() -> Aggregate.Function {
    switch random.below(6) {
    case 0: .count(operand())
    case 1: .min(operand(of: Self.isOrdered))
    case 2: .max(operand(of: Self.isOrdered))
    case 3: .average(number())
    default: .sum(number())
    }
  }

  private mutating func operand(of wanted: (ColumnField) -> Bool = { _ in true }) -> ColumnExpression {
    random.isOne(in: 6) ? number() : .column(random.pick(dataset.schema.fields.filter(wanted)).name)
  }

  /// What can be added exactly in every order.
  private mutating func number() -> ColumnExpression {
    if random.isOne(in: 4) {
      return .multiply(.column("year"), .column(random.pick(["tame", "year", "amount"])))
    }
    return .column(
      random.pick(dataset.schema.fields.filter { $0.type.exactScale != nil || $0.name == "tame" }).name)
  }

  private static func isOrdered(_ field: ColumnField) -> Bool {
    field.type != .bool && field.type != .bytes
  }

  private mutating func column() -> ColumnField { random.pick(dataset.schema.fields) }

  /// Arithmetic stays where it mostly fits: what overflows must fail in every store, and half the queries
  /// should not.
  private mutating func expression() -> ColumnExpression {
    func side() -> ColumnExpression {
      switch random.below(6) {
      case 0: .literal(.int(Int64(random.below(5))))
      case 1: .literal(.double(0.5))
      case 2: .literal(random.isOne(in: 4) ? .null : .int(2))
      default: .column(random.pick(["year", "Medium", "amount", "tame", "id", "year", "wide", "big"]))
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

  mutating func comparison() -> Filter.Comparison { random.pick(Filter.Comparison.allCases) }
}
