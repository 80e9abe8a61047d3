/// The rows that the cases write: small, of every kind that matters to a sentence.
struct ConformanceRow {
  var id: Int64
  var at: Timestamp
  var tag: String?
  var amount: Decimal128?
  var number: Int64?

  init(
    _ id: Int64, _ at: Timestamp, tag: String? = nil, amount: Decimal128? = nil, number: Int64? = nil
  ) {
    self.id = id
    self.at = at
    self.tag = tag
    self.amount = amount
    self.number = number
  }

  var values: [ColumnValue] {
    [
      .int(id), .timestamp(at), tag.map { .string($0) } ?? .null, amount.map { .decimal($0) } ?? .null,
      number.map { .int($0) } ?? .null,
    ]
  }
}

extension ConformanceRow {
  static let fields = [
    ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
    ColumnField("tag", .string), ColumnField("amount", .decimal(precision: 38, scale: 2)),
    ColumnField("number", .int64),
  ]

  /// The dataset of most cases, by day of `at`.
  static func dataset(policy: DatasetPolicy = DatasetPolicy(), adding: [ColumnField] = []) throws -> Dataset {
    try Dataset(
      DatasetName("conformance"), schema: ColumnSchema(fields + adding), primaryKey: ["id"],
      timeColumn: "at", policy: policy)
  }

  /// The same columns without a time column.
  static func undatedDataset() throws -> Dataset {
    try Dataset(
      DatasetName("conformance_undated"), schema: ColumnSchema(fields), primaryKey: ["id"], timeColumn: nil)
  }

  static func batch(_ rows: [ConformanceRow]) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try ColumnSchema(fields), capacity: rows.count)
    for row in rows { try builder.append(row: row.values) }
    return try builder.finish()
  }
}

extension Day {
  /// An instant of the day, that many hours and microseconds after its start.
  func at(hour: Int64 = 12, microsecond: Int64 = 0) -> Timestamp {
    start.adding(microseconds: hour * 3_600_000_000 + microsecond)
  }
}

extension ColumnBatch {
  /// The values of a column, as an answer's reader sees them.
  func values(_ column: String) throws -> [ColumnValue] {
    let vector = try self.column(column)
    return (0..<rowCount).map { vector[$0] }
  }
}
