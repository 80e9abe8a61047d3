import TokyoDataCore

/// Makes rows and queries that reach every type, every operation and the awkward values.
struct RandomQueries {
  var random: SplitMix64

  /// The same queries and rows in every run.
  init(seed: Int) {
    // Another multiplier than the step's, or the next seed's numbers would be this one's, shifted.
    random = SplitMix64(seed: UInt64(truncatingIfNeeded: seed) &* 0xD134_2543_DE82_EF95 &+ 1)
  }

  static func dataset() throws -> Dataset {
    try Dataset(
      DatasetName("things"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
        ColumnField("i16", .int16), ColumnField("i32", .int32), ColumnField("i64", .int64),
        ColumnField("f", .float), ColumnField("d", .double), ColumnField("m", .decimal(9, 2)),
        ColumnField("w", .decimal(24, 5)), ColumnField("s", .string), ColumnField("b", .bool),
        ColumnField("y", .bytes), ColumnField("date", .date), ColumnField("loc", .localTimestamp),
      ]), primaryKey: ["id"], timeColumn: "at")
  }

  static let exact = ["i16", "i32", "i64", "m", "w"]
  static let numbers = exact + ["f", "d"]
  static let all = numbers + ["s", "b", "y", "date", "loc", "at", "id"]

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  // MARK: Rows

  mutating func rows(_ count: Int) -> [[ColumnValue]] {
    (0..<count).map { id in
      [.int(Int64(id)), .timestamp(instant())] + Self.rowColumns.map { chance(15) ? .null : value(of: $0) }
    }
  }

  static let rowColumns = ["i16", "i32", "i64", "f", "d", "m", "w", "s", "b", "y", "date", "loc"]

  /// Mostly within four days of January 1970, to the microsecond.
  mutating func instant() -> Timestamp {
    Timestamp(
      microsecondsSince1970: Int64(int(-1...3)) * 86_400_000_000 + Int64(pick([0, 1, 86_399_999_999])))
  }

  /// A value that a column of the name can hold.
  mutating func value(of column: String) -> ColumnValue {
    switch column {
    case "i16": .int(Int64(pick([-32_768, -1, 0, 1, 2, 7, 32_767])))
    case "i32": .int(Int64(pick([-2_147_483_648, -3, 0, 1, 5, 2_147_483_647])))
    case "i64": chance(2) ? .int(pick([.min, .max])) : .int(Int64(int(-9...9)))
    case "f": .float(pick([-0.0, 0, 1.5, -2.25, 100, .infinity, .nan]))
    case "d": .double(pick([-0.0, 0, 1.5, -2.25, 0.125, 4096.5, -.infinity, .nan]))
    case "m": .decimal(decimal(int(-300...300), 2))
    case "w": .decimal(decimal(int(-300_000...300_000), 5))
    case "s": .string(pick(["", "a", "ab", "b", "é", "\u{FF5E}", "\u{1F600}", "a\u{0}b", "zebra crossing"]))
    case "b": .bool(chance(50))
    case "y": .bytes(pick([[], [0], [0, 0], [255], [1, 2, 3]]))
    case "date": .date(Day(daysSince1970: Int32(int(-400...400))))
    case "loc":
      .localTimestamp(LocalTimestamp(microsecondsSince1970: Int64(int(-90...90)) * 86_400_000_000 - 1))
    case "at": .timestamp(instant())
    default: .int(Int64(int(0...40)))
    }
  }

  func decimal(_ digits: Int, _ scale: Int) -> Decimal128 {
    (try? Decimal128(unscaled: Int128(digits), scale: scale)) ?? 0
  }

  /// A literal that may stand beside the column, of its type or another.
  mutating func literal(beside column: String) -> ColumnValue {
    if chance(5) { return .null }
    if Self.numbers.contains(column) {
      switch int(0...5) {
      case 0: return .int(pick([-100_000, -1, 0, 1, 5, 40_000, 3_000_000_000, .min, .max]))
      case 1: return .decimal(decimal(int(-30_000...30_000), 4))
      case 2: return .double(pick([1.5, -2.25, 0.125, 7, 1e30]))
      case 3: return .decimal(decimal(int(-300...300), 0))
      default: return value(of: pick([column, column, "i32", "m"]))
      }
    }
    let value = value(of: column)
    switch value {
    case .date, .timestamp, .localTimestamp: return chance(50) ? .string(value.text ?? "") : value
    default: return value
    }
  }

  // MARK: Queries

  mutating func expression(_ columns: [String], depth: Int = 2) -> ColumnExpression {
    let column = pick(columns)
    guard depth > 0, Self.numbers.contains(column), chance(40) else { return .column(column) }
    let left = expression(Self.numbers, depth: depth - 1)
    let right =
      chance(40)
      ? ColumnExpression.literal(pick([1, 2, -3, .decimal(decimal(25, 2)), .double(0.5)]))
      : expression(Self.numbers, depth: depth - 1)
    switch int(0...2) {
    case 0: return .add(left, right)
    case 1: return .subtract(left, right)
    default: return .multiply(left, right)
    }
  }

  mutating func filter(depth: Int = 3) -> Filter {
    if depth > 0, chance(50) {
      switch int(0...2) {
      case 0: return .and((0..<int(0...3)).map { _ in filter(depth: depth - 1) })
      case 1: return .or((0..<int(0...3)).map { _ in filter(depth: depth - 1) })
      default: return .not(filter(depth: depth - 1))
      }
    }
    let column = pick(Self.all)
    let value = Self.numbers.contains(column) && chance(30) ? expression(Self.numbers) : .column(column)
    switch int(0...6) {
    case 0: return .isIn(value, (0..<int(0...3)).map { _ in literal(beside: column) })
    case 1: return .between(value, literal(beside: column), literal(beside: column))
    case 2: return .isNull(value)
    case 3: return .hasPrefix("s", pick(["", "a", "\u{FF5E}"]))
    case 4 where Self.numbers.contains(column):
      return .compare(value, pick(Filter.Comparison.allCases), expression(Self.numbers))
    default: return .compare(value, pick(Filter.Comparison.allCases), .literal(literal(beside: column)))
    }
  }

  mutating func query() throws -> Query {
    var query = try Query(DatasetName("things"))
    if chance(40) { query.timeRange = TimeRange(from: chance(80) ? instant() : nil, until: instant()) }
    if chance(70) { query.filter = filter() }
    if chance(60) { groups(&query) } else { rows(&query) }
    return query
  }

  private mutating func groups(_ query: inout Query) {
    for _ in 0..<int(0...3) {
      let grouping: Grouping =
        chance(30)
        ? .bucket(TimeBucket(pick(TimeBucket.Unit.allCases), of: pick([nil, "date", "loc"]), as: "bucket"))
        : .column(pick(Self.all))
      if !query.groupings.contains(where: { $0.name == grouping.name }) { query.groupings.append(grouping) }
    }
    for number in 0..<int(1...4) {
      let value = expression(Self.numbers)
      let function: Aggregate.Function =
        switch int(0...5) {
        case 0: .countRows
        case 1: .count(expression(Self.all))
        case 2: .sum(value)
        case 3: .average(value)
        case 4: .min(chance(50) ? value : .column(pick(["s", "date", "at", "loc"])))
        default: .max(chance(50) ? value : .column(pick(["s", "date", "at", "loc"])))
        }
      query.aggregates.append(Aggregate(function, as: "a\(number)"))
    }
    query.aggregates.append(Aggregate(.countRows, as: "n"))
    if chance(30) { query.having = .column("n", .greater, .int(Int64(int(0...3)))) }
    if chance(50) {
      query.orderings = [Ordering(pick(["n", "a0"]), descending: chance(50), nullsFirst: chance(30))]
    }
    if chance(40) { query.limit = int(0...5) }
  }

  private mutating func rows(_ query: inout Query) {
    for number in 0..<int(0...3) {
      query.projections.append(Projection(expression(Self.all), as: "p\(number)"))
    }
    guard chance(70) else { return }
    for _ in 0...int(0...2) {
      query.orderings.append(Ordering(pick(Self.all), descending: chance(50), nullsFirst: chance(30)))
    }
    if chance(60) { query.limit = int(0...12) }
  }
}
