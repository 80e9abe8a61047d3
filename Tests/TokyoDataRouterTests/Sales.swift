@testable import TokyoDataRouter

/// The dataset of these tests: sales by id, with a column of every kind that routing treats its own way.
enum Sales {
  private static let definition = Result { try definition(timeColumn: "at") }

  static var dataset: Dataset { get throws { try definition.get() } }
  static var name: DatasetName { get throws { try dataset.name } }
  static var query: Query { get throws { Query(try name) } }

  static func definition(name: String = "sales", timeColumn: String?) throws -> Dataset {
    try Dataset(
      DatasetName(name),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
        ColumnField("region", .string), ColumnField("amount", .decimal(precision: 12, scale: 2)),
        ColumnField("pieces", .int32), ColumnField("weight", .double),
      ]),
      primaryKey: ["id"], timeColumn: timeColumn)
  }

  /// The first day of the tests' calendar, 2025-01-30.
  static let first = Day(daysSince1970: 20_118)

  /// The day `index` days after the first.
  static func day(_ index: Int) -> Day { first.advanced(by: index) }

  /// The range of whole days by their indices, both included.
  static func days(_ indices: ClosedRange<Int>) -> TimeRange {
    TimeRange(day(indices.lowerBound)...day(indices.upperBound))
  }

  /// An instant long after the tests' days.
  static let now = day(100).start

  static func batch(_ rows: [[ColumnValue]]) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try dataset.schema)
    for row in rows { try builder.append(row: row) }
    return try builder.finish()
  }

  /// A row of a day, with plain values.
  static func row(_ id: Int64, _ day: Day, hour: Int64 = 8, amount: Int64 = 10) -> [ColumnValue] {
    [
      .int(id), .timestamp(day.start.adding(microseconds: hour * 3_600_000_000)), "north",
      .decimal(Decimal128(amount)), .int(2), .double(0.5),
    ]
  }
}

extension VersionRecord {
  /// The record of a version of a day, with exact bounds of the rows.
  static func sales(
    of day: Day, rows: [[ColumnValue]] = [], verified: Bool = true,
    fingerprint: String? = nil
  ) throws -> VersionRecord {
    var record = VersionRecord(
      id: VersionID(at: Sales.now), day: day, location: "sales/\(day)",
      schemaFingerprint: try fingerprint ?? Sales.dataset.schemaFingerprint, snapshot: "test",
      exportedAt: day.next.start)
    record.state = .current
    record.verifiedAt = verified ? Sales.now : nil
    record.summary = try VersionSummary(exactly: rows)
    record.rowHash.add(try Sales.batch(rows))
    return record
  }
}

extension VersionSummary {
  /// The summary that an export writes: exact bounds of every column but floating-point ones.
  init(exactly rows: [[ColumnValue]]) throws {
    var columns: [String: ColumnSummary] = [:]
    for (index, field) in try Sales.dataset.schema.fields.enumerated() {
      let values = rows.map { $0[index] }.filter { !$0.isNull }
      let sorted = field.type.isFloatingPoint ? [] : values.sorted(by: Self.isBelow)
      columns[field.name] = ColumnSummary(
        type: field.type, nullCount: rows.count - values.count, minimum: sorted.first, maximum: sorted.last,
        encodedBytes: 10 * rows.count)
    }
    self.init(columns: columns)
  }

  private static func isBelow(_ left: ColumnValue, _ right: ColumnValue) -> Bool {
    switch (left, right) {
    case (.int(let left), .int(let right)): left < right
    case (.decimal(let left), .decimal(let right)): left < right
    case (.timestamp(let left), .timestamp(let right)): left < right
    case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    default: false
    }
  }
}

extension Coverage {
  /// The coverage of days with their states; every day that has a copy gets a version.
  static func sales(
    _ states: [Int: DayState], marked: Set<Int> = [], versions: [Int: VersionRecord] = [:]
  ) throws -> Coverage {
    var coverage = Coverage(epoch: 1, marked: Set(marked.map(Sales.day)))
    for (index, state) in states {
      let day = Sales.day(index)
      let hasCopy = state == .both || state == .cold || state == .suspect
      let version = try hasCopy ? versions[index] ?? .sales(of: day, rows: [Sales.row(1, day)]) : nil
      if let version { coverage.versions[version.id] = version }
      coverage.days[day] = DayCoverage(day: day, state: state, version: version?.id)
    }
    return coverage
  }
}
