import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Soundness of pruning")
struct SoundnessTests {
  /// A file of a column, which lends its description to filters.
  static func file(_ type: ColumnType) async throws -> ParquetFile {
    var options = ParquetWriterOptions()
    options.profile = .unrestricted
    let schema = try ColumnSchema([ColumnField("c", type)])
    return try await ParquetFile(source: ParquetBytes(written([], schema: schema, options: options).bytes))
  }

  /// Few distinct values, so that comparisons meet them.
  static func value(_ type: ColumnType, _ numbers: inout TestNumbers) -> ColumnValue {
    let number = Int.random(in: -3...3, using: &numbers)
    switch type {
    case .float: return .float(special(number, &numbers).map { Float($0) } ?? Float(number) / 2)
    case .double: return .double(special(number, &numbers) ?? Double(number) / 2)
    case .decimal(_, let scale): return .decimal(Decimal128(unchecked: Int128(number), scale: scale))
    case .string: return .string(["", "a", "ab", "é", "z", "\u{10ffff}", "a\u{0}"][number + 3])
    case .bytes: return .bytes([[], [0], [0, 0], [1], [0x7f], [0x80], [0xff, 0xff]][number + 3])
    case .bool: return .bool(number > 0)
    case .date: return .date(Day(daysSince1970: Int32(number)))
    case .timestamp: return .timestamp(Timestamp(microsecondsSince1970: Int64(number)))
    default: return .int(Int64(number))
    }
  }

  private static func special(_ number: Int, _ numbers: inout TestNumbers) -> Double? {
    guard Bool.random(using: &numbers) else { return nil }
    return [-3: -.infinity, -2: -0.0, -1: 0.0, 1: .infinity, 2: .nan, 3: -.nan][number]
  }

  static func filter(_ type: ColumnType, _ depth: Int, _ numbers: inout TestNumbers) -> ParquetFilter {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &numbers) {
    case 0...2:
      let comparison = ParquetFilter.Comparison.allCases.randomElement(using: &numbers) ?? .equal
      return .compare("c", comparison, literal(type, &numbers))
    case 3:
      let count = [0, 1, 3, 7, 20].randomElement(using: &numbers) ?? 1
      return .isIn("c", (0..<count).map { _ in literal(type, &numbers) })
    case 4: return .isNull("c")
    case 5, 6: return .not(filter(type, depth - 1, &numbers))
    case 7: return .and((0..<3).map { _ in filter(type, depth - 1, &numbers) })
    default: return .or((0..<3).map { _ in filter(type, depth - 1, &numbers) })
    }
  }

  /// A value of the column, or one that only compares with it.
  static func literal(_ type: ColumnType, _ numbers: inout TestNumbers) -> ColumnValue {
    if Int.random(in: 0..<12, using: &numbers) == 0 { return .null }
    guard Int.random(in: 0..<4, using: &numbers) == 0 else { return value(type, &numbers) }
    let number = Int64.random(in: -40...40, using: &numbers)
    switch type {
    case .decimal: return Bool.random(using: &numbers) ? .int(number) : .decimal(tenths(number))
    case .float, .double: return .int(number)
    case .int8, .int16, .int32, .int64:
      return [.int(1 << 40), .int(.min), .decimal(tenths(number)), .decimal(huge)]
        .randomElement(using: &numbers) ?? .int(0)
    default: return value(type, &numbers)
    }
  }

  private static func tenths(_ number: Int64) -> Decimal128 {
    Decimal128(unchecked: Int128(number), scale: 3)
  }
  private static var huge: Decimal128 { Decimal128(unchecked: -Decimal128.powerOfTen(37), scale: 0) }

  static let types: [ColumnType] = [
    .bool, .int8, .int16, .int32, .int64, .float, .double, .string, .bytes, .date, .timestamp,
    .decimal(precision: 5, scale: 2), .decimal(precision: 30, scale: 0),
  ]

  /// The statistics that some writer would give to values: with what it may leave out left out at random.
  static func statistics(_ values: [ColumnValue], _ numbers: inout TestNumbers) -> ParquetStatistics {
    func isNaN(_ value: ColumnValue) -> Bool {
      switch value {
      case .float(let number): number.isNaN
      case .double(let number): number.isNaN
      default: false
      }
    }
    var statistics = ParquetStatistics()
    let bounded = values.filter { !$0.isNull && !isNaN($0) }.sorted {
      NaiveFilter.compare($0, .less, $1) ?? false
    }
    if Int.random(in: 0..<5, using: &numbers) > 0 { statistics.nullCount = values.count(where: \.isNull) }
    if Bool.random(using: &numbers) { statistics.nanCount = values.count(where: isNaN) }
    if Int.random(in: 0..<8, using: &numbers) > 0 { statistics.minimum = bounded.first }
    if Int.random(in: 0..<8, using: &numbers) > 0 { statistics.maximum = bounded.last }
    return statistics
  }

  @Test(
    "what statistics tell of a filter is true of the values, and the rows are those of plain logic",
    arguments: types)
  func isSound(type: ColumnType) async throws {
    let file = try await Self.file(type)
    let schema = try ColumnSchema([ColumnField("c", type)])
    var numbers = TestNumbers(state: 7)
    var decided = 0
    for _ in 0..<1500 {
      // Few values, so that statistics often decide.
      let first = Self.value(type, &numbers)
      let size = Int.random(in: 0...4, using: &numbers)
      let values = (0..<size).map { _ -> ColumnValue in
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: .null
        case 1: first
        default: Self.value(type, &numbers)
        }
      }
      let filter = Self.filter(type, 2, &numbers)
      let node = try FilterNode(filter, in: file)
      let expected = values.map { NaiveFilter.truth(of: filter, ["c": $0]) == true }
      var builder = ColumnBatchBuilder(schema)
      for value in values { try builder.append(row: [value]) }
      #expect(try node.passing(builder.finish()) == expected, "\(filter) of \(values)")
      let statistics = Self.statistics(values, &numbers)
      switch node.matches({ $0.matches(statistics, count: values.count) }) {
      case .none: #expect(!expected.contains(true), "\(filter) of \(values) by \(statistics)")
      case .all: #expect(!expected.contains(false), "\(filter) of \(values) by \(statistics)")
      case .some: decided -= 1
      }
      decided += 1
    }
    // Pruning that never decides would be sound too.
    #expect(decided > 300)
  }

  @Test(
    "integers are looked up in tables and in sets alike",
    arguments: [[], [5], [-3, 70, 4000], [.min, .max, 0], [.max, .max - 2], [1 << 40, -1 << 40]] as [[Int64]])
  func looksUp(values: [Int64]) {
    let set = IntegerSet(values)
    for value in values.flatMap({ [$0, $0 &+ 1, $0 &- 1, $0 &+ 65_536] }) + [0, .min, .max] {
      #expect(set.contains(value) == values.contains(value))
    }
  }

  @Test("long columns are compared as short ones are, in whole words of validity and parts of them")
  func comparesLongColumns() async throws {
    for type in Self.types {
      let file = try await Self.file(type)
      var numbers = TestNumbers(state: 3)
      let values = (0..<1000).map { row -> ColumnValue in
        (64..<200).contains(row) || row % 7 == 0 ? .null : Self.value(type, &numbers)
      }
      var builder = ColumnBatchBuilder(try ColumnSchema([ColumnField("c", type)]))
      for value in values { try builder.append(row: [value]) }
      let batch = try builder.finish()
      for _ in 0..<40 {
        let filter = Self.filter(type, 1, &numbers)
        let passing = try FilterNode(filter, in: file).passing(batch)
        #expect(passing == values.map { NaiveFilter.truth(of: filter, ["c": $0]) == true }, "\(filter)")
      }
    }
  }
}
