/// A dataset with a column of every type, and rows of some days that are hard to get right; the same for the
/// same seed.
package struct RandomScenario: Sendable {
  /// What repeats it.
  package let seed: UInt64
  /// The dataset; its time column is `at`, its key `id`.
  package let dataset: Dataset
  /// The days with their rows: one long ago, the others around the end of a year and of an ISO week.
  package let days: [(day: Day, rows: ColumnBatch)]

  /// Makes a scenario.
  ///
  /// - Parameters:
  ///   - timeType: One of the three types that a time column may have.
  ///   - lacking: Types that a store under test does not have; `at` stays.
  ///   - rowsPerDay: Rows of a full day.
  package init(
    seed: UInt64, timeType: ColumnType = .timestamp, lacking: Set<ColumnType> = [], rowsPerDay: Int = 16
  ) throws {
    self.seed = seed
    let fields = Self.columns.filter { !lacking.contains($0.type) }
    dataset = try Dataset(
      DatasetName("random"),
      schema: ColumnSchema(
        [ColumnField("id", .int64, isNullable: false), ColumnField("at", timeType, isNullable: false)]
          + fields), primaryKey: ["id"], timeColumn: "at",
      policy: DatasetPolicy(
        partitionColumns: PartitionColumns(year: "y", month: "m", day: "d"), timeZone: "UTC"))
    var random = SeededRandom(seed: seed)
    var days: [(day: Day, rows: ColumnBatch)] = []
    for (number, day) in Self.days.enumerated() {
      var builder = ColumnBatchBuilder(dataset.schema, capacity: rowsPerDay)
      for row in 0..<rowsPerDay {
        var values: [ColumnValue] = [
          .int(Int64(number * rowsPerDay + row)), Self.time(timeType, in: day, &random),
        ]
        for field in fields {
          values.append(random.isOne(in: 6) ? .null : Self.value(of: field, &random))
        }
        try builder.append(row: values)
      }
      days.append((day, try builder.finish()))
    }
    self.days = days
  }

  static let columns = [
    ColumnField("select", .bool), ColumnField("tiny", .int8), ColumnField("year", .int16),
    ColumnField("Medium", .int32), ColumnField("big", .int64), ColumnField("ratio", .float),
    ColumnField("wild", .double), ColumnField("tame", .double),
    ColumnField("amount", .decimal(precision: 12, scale: 2)),
    ColumnField("wide", .decimal(precision: 38, scale: 10)),
    ColumnField("whole", .decimal(precision: 38, scale: 0)), ColumnField("user", .string),
    ColumnField("raw", .bytes), ColumnField("born", .date), ColumnField("clock", .time),
    ColumnField("seen", .timestamp), ColumnField("local", .localTimestamp),
  ]

  /// 1969-12-31, before the epoch, and 2025-12-28 to 2026-01-02.
  static let days = [Day(daysSince1970: -1)] + (20_450...20_455).map(Day.init(daysSince1970:))

  // MARK: Values

  /// An instant of a day: its first and last ones, those around which rounding to milliseconds changes the day.
  static func instant(in day: Day, _ random: inout SeededRandom) -> Timestamp {
    day.start.adding(
      microseconds: random.pick([
        0, 0, 1, 499, 500, 999, 1_000, 43_200_000_000, 43_200_000_001, 86_399_999_499, 86_399_999_500,
        86_399_999_999, 86_399_999_999,
      ]))
  }

  static func time(_ type: ColumnType, in day: Day, _ random: inout SeededRandom) -> ColumnValue {
    let instant = instant(in: day, &random)
    return switch type {
    case .date: .date(day)
    case .localTimestamp:
      .localTimestamp(LocalTimestamp(microsecondsSince1970: instant.microsecondsSince1970))
    default: .timestamp(instant)
    }
  }

  static func value(of field: ColumnField, _ random: inout SeededRandom) -> ColumnValue {
    switch field.type {
    case _ where field.name == "at": time(field.type, in: random.pick(days), &random)
    case .bool: .bool(random.isOne(in: 2))
    case .int8: .int(random.pick([-128, 127, 0, 1, 2, 3, -1]))
    case .int16: .int(random.pick([-32_768, 32_767, 0, 1, 2, 3, -1]))
    case .int32: .int(random.pick([-2_147_483_648, 2_147_483_647, 0, 1, 2, 7, 40_000]))
    case .int64 where field.name == "id": .int(Int64(random.below(120)))
    case .int64: .int(random.pick([.min, .max, .max - 1, 9_007_199_254_740_993, 0, 1, 2, -5]))
    case .float: .float(random.pick(floats))
    case .double where field.name == "tame": .double(Double(random.below(64)) / 4 - 8)
    case .double: .double(random.pick(doubles))
    case .decimal(12, _): decimal(random.pick([0, 1, -1, 100, 150, 999_999_999_999, -999_999_999_999, 5]), 2)
    // Nothing positive beside the greatest one: no part of a sum has more digits than the whole.
    case .decimal(_, let scale):
      decimal(random.pick([0, -1, -10_000_000_000, -15_000_000_000, nines]), scale)
    case .bytes: .bytes(random.pick([[], [0], [0, 255], [255], [1, 2, 3], [1, 2]]))
    case .date:
      .date(
        random.pick([20_450, 20_451, -1, 0, -719_162, 2_932_896].map(Day.init(daysSince1970:))))
    case .time:
      .time(
        TimeOfDay(microsecondsSinceMidnight: random.pick([0, 1, 43_200_000_500, 86_399_999_999])))
    case .timestamp: .timestamp(instant(in: random.pick(days), &random))
    case .localTimestamp:
      .localTimestamp(
        LocalTimestamp(
          microsecondsSince1970: random.pick([0, -1, 1, 1_766_966_400_000_000, -60_000_000_000_000_000])))
    default: .string(random.pick(texts))
    }
  }

  static let texts = [
    "", " ", "a", "A", "b", "aa", "Z", "é", "e\u{301}", "ß", "日本", "a%b", "a_b", "a\\b", "'\"", "\u{1F600}",
    "a ", "NULL", "NaN", "?", "a\nb", "\t", "--", "\u{FFFD}\u{10FFFF}",
  ]

  private static let floats: [Float] = [
    0, -0.0, .nan, .infinity, -.infinity, 0.1, 1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
  ]

  private static let doubles: [Double] = [
    0, -0.0, .nan, .infinity, -.infinity, 0.1, 1.5, 1e300, .leastNonzeroMagnitude, 9_007_199_254_740_992,
  ]

  /// 38 of them.
  private static let nines: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

  private static func decimal(_ unscaled: Int128, _ scale: Int) -> ColumnValue {
    (try? Decimal128(unscaled: unscaled, scale: scale)).map { .decimal($0) } ?? .null
  }
}
