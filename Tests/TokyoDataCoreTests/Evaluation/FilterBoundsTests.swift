import Testing
import TokyoDataCore

/// Pruning must never lose a row: whatever the evaluator lets through, the bounds must have allowed.
@Suite("Pruning by bounds")
struct FilterBoundsTests {
  static let fields = [
    ColumnField("i", .int64), ColumnField("d", .decimal(precision: 9, scale: 2)), ColumnField("s", .string),
    ColumnField("f", .double), ColumnField("b", .bool), ColumnField("t", .timestamp, isNullable: false),
  ]

  static func dataset() throws -> Dataset {
    try Dataset(
      DatasetName("pruned"), schema: ColumnSchema(fields), primaryKey: [], timeColumn: "t")
  }

  static func value(_ type: ColumnType, _ random: inout SplitMix64) -> ColumnValue {
    let small = Int64.random(in: -3...3, using: &random)
    switch type {
    case .int64: return .int(small)
    case .decimal: return .decimal(Decimal128(Int64(small)))
    case .string: return .string(["", "a", "ab", "abc", "b", "é", "z"][Int(small + 3)])
    case .double: return .double(small == 3 ? .nan : (small == 0 ? -0.0 : Double(small)))
    case .bool: return .bool(small > 0)
    default: return .timestamp(Timestamp(microsecondsSince1970: small))
    }
  }

  static func filter(depth: Int, _ random: inout SplitMix64) -> Filter {
    if depth > 0, Bool.random(using: &random) {
      let parts = (0..<2).map { _ in filter(depth: depth - 1, &random) }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: return .and(parts)
      case 1: return .or(parts)
      default: return .not(parts[0])
      }
    }
    let field = fields[Int.random(in: 0..<fields.count, using: &random)]
    let column = ColumnExpression.column(field.name)
    let (one, two) = (value(field.type, &random), value(field.type, &random))
    let comparison = Filter.Comparison.allCases[Int.random(in: 0..<6, using: &random)]
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return .compare(.literal(one), comparison, column)
    case 1: return .isIn(column, [one, two])
    case 2: return .between(column, one, two)
    case 3: return .isNull(column)
    case 4: return .hasPrefix(.column("s"), ["a", "ab", "é", ""][Int.random(in: 0..<4, using: &random)])
    default: return .compare(column, comparison, .literal(one))
    }
  }

  static func bounds(_ rows: [[ColumnValue]]) -> [String: ColumnBounds] {
    var bounds: [String: ColumnBounds] = [:]
    for (index, field) in fields.enumerated() {
      let values = rows.map { $0[index] }.filter { !$0.isNull }
      var column = ColumnBounds(rowCount: rows.count, nullCount: rows.count - values.count)
      let isNaN = values.contains { if case .double(let value) = $0 { value.isNaN } else { false } }
      if !isNaN {
        column.minimum = values.min { ($0.order(to: $1) ?? 0) < 0 }
        column.maximum = values.max { ($0.order(to: $1) ?? 0) < 0 }
      }
      bounds[field.name] = column
    }
    return bounds
  }

  @Test("no filter that a row passes is excluded by the bounds, and many that none passes are")
  func losesNothing() throws {
    var random = SplitMix64(seed: 20_261_123)
    let dataset = try Self.dataset()
    var (pruned, empty) = (0, 0)
    for _ in 0..<4_000 {
      var rows: [[ColumnValue]] = []
      var builder = ColumnBatchBuilder(dataset.schema)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let row = Self.fields.map { field in
          let isNull = field.isNullable && Int.random(in: 0..<4, using: &random) == 0
          return isNull ? ColumnValue.null : Self.value(field.type, &random)
        }
        rows.append(row)
        try builder.append(row: row)
      }
      let from = Int64.random(in: -4...4, using: &random)
      var query = Query(dataset.name).filter(Self.filter(depth: 2, &random)).select(.count)
      query.timeRange = TimeRange(
        from: Bool.random(using: &random) ? Timestamp(microsecondsSince1970: from) : nil,
        until: Bool.random(using: &random) ? Timestamp(microsecondsSince1970: from + 2) : nil)
      let resolved = try ResolvedQuery(query, for: dataset)
      var evaluator = PartialEvaluator(resolved)
      try evaluator.add(builder.finish())
      let bounds = Self.bounds(rows)
      let may = resolved.mayMatch { bounds[$0] }
      if evaluator.rowCount > 0 { #expect(may, "\(query) over \(rows)") } else { empty += 1 }
      if !may { pruned += 1 }
      #expect(resolved.mayMatch { _ in nil } || query.timeRange.isEmpty || !may)
    }
    // Else the proof would be worth nothing: most that gives no row is seen to.
    #expect(pruned > empty / 2)
  }

  @Test("a version is excluded by its day, by its summary and by columns that it does not have")
  func excludesVersions() throws {
    let dataset = try Self.dataset()
    var record = VersionRecord(
      id: VersionID(at: Day(daysSince1970: 1).start), day: Day(daysSince1970: 0), location: "x",
      schemaFingerprint: "", snapshot: "", exportedAt: Day(daysSince1970: 1).start)
    record.rowHash = try #require(RowHash("v1:00000000000000000000000000000001:2"))
    record.summary.columns["i"] = ColumnSummary(
      type: .int64, nullCount: 0, minimum: 3, maximum: 5, encodedBytes: 1)
    func may(_ query: Query) throws -> Bool { try ResolvedQuery(query, for: dataset).mayMatch(record) }
    let query = Query(dataset.name)
    #expect(try may(query))
    #expect(try may(query.filter(.column("i", .equal, 4))))
    #expect(try !may(query.filter(.column("i", .equal, 6))))
    #expect(try !may(query.filter(.column("s", .equal, "younger"))))
    #expect(try may(query.filter(.isNull(.column("s")))))
    #expect(try !may(query.time(in: Day(daysSince1970: 1).range)))
    record.summary.columns = [:]
    #expect(try may(query.filter(.column("i", .equal, 6))))
  }
}
