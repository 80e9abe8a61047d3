internal import BenchSupport
internal import TokyoDataParquet

/// Rows like those of a table of payments, made batch by batch from a seed; the same rows in every run.
struct MadeUpRows {
  let schema: ColumnSchema
  private var random = SplitMix(seed: 2026)
  private var next: Int64 = 1

  private static let states = ["paid", "open", "overdue", "canceled", "refunded"]

  init() throws {
    schema = try ColumnSchema([
      ColumnField("id", .int64, isNullable: false), ColumnField("customer_id", .int64, isNullable: false),
      ColumnField("status", .string), ColumnField("amount", .decimal(precision: 12, scale: 2)),
      ColumnField("issued_at", .timestamp, isNullable: false), ColumnField("weight", .double),
      ColumnField("reference", .string),
    ])
  }

  /// The next rows.
  mutating func next(_ count: Int) throws -> ColumnBatch {
    var rows = ColumnBatchBuilder(schema, capacity: count)
    for _ in 0..<count {
      rows[0].append(int64: next)
      rows[1].append(int64: Int64(random.below(200_000)))
      try rows[2].append(bytes: Self.states[random.below(Self.states.count)].utf8)
      if random.below(20) == 0 {
        rows[3].appendNull()
      } else {
        rows[3].append(unscaled: Int128(random.below(10_000_000)))
      }
      rows[4].append(int64: 1_700_000_000_000_000 + next * 250_000 + Int64(random.below(200_000)))
      rows[5].append(double: Double(random.next()) / 1_024)
      try appendReference(to: &rows[6])
      next += 1
    }
    return try rows.finish()
  }

  /// Sixty-four hexadecimal digits that no encoding makes much shorter, so that row groups fill up soon.
  private mutating func appendReference(to column: inout ColumnBuilder) throws {
    let words = (random.next(), random.next(), random.next(), random.next())
    try withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { digits in
      for (index, word) in [words.0, words.1, words.2, words.3].enumerated() {
        for digit in 0..<16 {
          let value = UInt8(truncatingIfNeeded: word >> UInt64(digit * 4)) & 15
          digits[index * 16 + digit] = value < 10 ? 48 + value : 87 + value
        }
      }
      try column.append(bytes: UnsafeRawBufferPointer(digits))
    }
  }
}
