import TokyoDataCore

/// A table with a column of every type, under names that need quotes, and values that are hard to get right.
enum OracleTable {
  static func dataset() throws -> Dataset {
    try Dataset(
      DatasetName("oracle"),
      schema: ColumnSchema([
        ColumnField("Key", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
        ColumnField("select", .bool), ColumnField("year", .int16), ColumnField("month", .int32),
        ColumnField("a\"b", .int64), ColumnField("real", .float), ColumnField("wild", .double),
        ColumnField("tame", .double), ColumnField("amount", .decimal(precision: 12, scale: 2)),
        ColumnField("wide", .decimal(precision: 38, scale: 10)), ColumnField("user", .string),
        ColumnField("raw", .bytes), ColumnField("day", .date), ColumnField("local time", .localTimestamp),
      ]),
      primaryKey: ["Key"], timeColumn: "at",
      policy: DatasetPolicy(partitionColumns: PartitionColumns(year: "y", month: "m", day: "d")))
  }

  /// 2025-12-28, so that the rows lie around the end of a year and of an ISO week.
  static let firstDay = Day(daysSince1970: 20_450)

  static func rows(_ count: Int, of dataset: Dataset, _ random: inout OracleRandom) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(dataset.schema, capacity: count)
    for key in 0..<count {
      var row: [ColumnValue] = [.int(Int64(key)), time(&random)]
      for field in dataset.schema.fields.dropFirst(2) {
        row.append(random.isOne(in: 6) ? .null : value(of: field, &random))
      }
      try builder.append(row: row)
    }
    return try builder.finish()
  }

  static func time(_ random: inout OracleRandom) -> ColumnValue {
    let day = firstDay.advanced(by: random.below(9))
    let within: Int64 = random.pick([0, 0, 1, 43_200_000_000, 86_399_999_999, 999, 1_000])
    return .timestamp(day.start.adding(microseconds: within))
  }

  static func value(of field: ColumnField, _ random: inout OracleRandom) -> ColumnValue {
    switch field.type {
    case .bool: .bool(random.isOne(in: 2))
    case .int16: .int(random.pick([-32_768, 32_767, 0, 1, 2, 3, -1]))
    case .int32: .int(random.pick([-2_147_483_648, 2_147_483_647, 0, 1, 2, 7, 40_000]))
    case .int64: .int(random.pick([.min, .max, .max - 1, 9_007_199_254_740_993, 0, 1, 2, -5]))
    case .float:
      .float(
        random.pick([
          0, -0.0, .nan, .infinity, -.infinity, 0.1, 1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
        ]))
    case .double where field.name == "tame": .double(Double(random.below(64)) / 4 - 8)
    case .double:
      .double(
        random.pick([
          0, -0.0, .nan, .infinity, -.infinity, 0.1, 1.5, 1e300, .leastNonzeroMagnitude,
          9_007_199_254_740_992,
        ]))
    case .decimal(12, _): decimal(random.pick([0, 1, -1, 100, 150, 999_999_999_999, -999_999_999_999, 5]), 2)
    case .decimal:
      decimal(
        random.pick([0, 1, -1, 10_000_000_000, 15_000_000_000, Decimal128.largest, -Decimal128.largest]), 10)
    case .bytes: .bytes(random.pick([[], [0], [0, 255], [255], [1, 2, 3], [1, 2]]))
    case .date:
      .date(
        random.pick([
          firstDay, firstDay.next, Day(daysSince1970: -1), Day(daysSince1970: -800_000),
          Day(daysSince1970: 2_900_000), Day(daysSince1970: 0),
        ]))
    case .localTimestamp:
      .localTimestamp(
        LocalTimestamp(
          microsecondsSince1970: random.pick([0, -1, 1, 1_766_966_400_000_000, -60_000_000_000_000_000])))
    default: .string(random.pick(texts))
    }
  }

  static let texts = [
    "", " ", "a", "A", "b", "aa", "Z", "é", "e\u{301}", "ß", "日本", "a%b", "a_b", "a\\b", "'\"", "\u{1F600}",
    "a ",
  ]

  private static func decimal(_ unscaled: Int128, _ scale: Int) -> ColumnValue {
    (try? Decimal128(unscaled: unscaled, scale: scale)).map { .decimal($0) } ?? .null
  }
}

extension Decimal128 {
  /// 38 nines.
  fileprivate static let largest: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
}
