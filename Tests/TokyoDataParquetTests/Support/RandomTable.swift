import TokyoDataParquet

/// A schema, rows and ways to write them, all of which a seed decides.
struct RandomTable {
  let schema: ColumnSchema
  let batch: ColumnBatch
  let options: ParquetWriterOptions

  init(seed: UInt64) throws {
    var random = RandomNumbers(seed: seed)
    var fields: [ColumnField] = []
    for index in 0...random.below(5) {
      let type = random.type(depth: random.pick([0, 0, 1, 2, 3]))
      fields.append(ColumnField("c\(index)", type, isNullable: !random.once(in: 3)))
    }
    schema = try ColumnSchema(fields)
    let rows = random.once(in: 20) ? 0 : random.size(upTo: 1200)
    batch = try Self.rows(rows, of: schema, &random)
    options = random.options(for: schema, rows: rows)
  }

  private static func rows(
    _ count: Int, of schema: ColumnSchema, _ random: inout RandomNumbers
  ) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(schema, capacity: count)
    for (index, field) in schema.fields.enumerated() {
      var values = RandomValues(random: random)
      var last = ColumnValue.null
      for row in 0..<count {
        if row == 0 || !values.repeats { last = values.next(field.type, isNullable: field.isNullable) }
        try builder[index].append(last)
      }
      random = values.random
    }
    return try builder.finish()
  }

  /// The rows cut into batches anywhere, some of them empty.
  func cuts(seed: UInt64) throws -> [ColumnBatch] {
    var random = RandomNumbers(seed: seed)
    var (batches, row): ([ColumnBatch], Int) = ([], 0)
    while row < batch.rowCount {
      let count = random.once(in: 5) ? 0 : random.size(upTo: batch.rowCount)
      let end = min(batch.rowCount, row + count)
      var builder = ColumnBatchBuilder(schema, capacity: end - row)
      for row in row..<end { try builder.append(row: row, of: batch) }
      batches.append(try builder.finish())
      row = end
    }
    return batches
  }
}

/// The values of one column: how often they repeat, how many distinct ones there are, and where nulls lie.
struct RandomValues {
  private(set) var random: RandomNumbers
  private let repeatOdds: Int
  private let distinct: Int
  private let nullOdds: Int

  init(random: RandomNumbers) {
    self.random = random
    repeatOdds = self.random.pick([0, 0, 2, 50])
    distinct = self.random.pick([1, 2, 5, 100, .max])
    nullOdds = self.random.pick([0, 1, 2, 2, 5, 100])
  }

  /// Whether the next row has the value of the one before.
  var repeats: Bool { mutating get { repeatOdds > 0 && !random.once(in: repeatOdds) } }

  mutating func next(_ type: ColumnType, isNullable: Bool) -> ColumnValue {
    // All rows are null where the odds are 1.
    if isNullable, nullOdds > 0, random.once(in: nullOdds) { return .null }
    switch type {
    case .list(let element):
      return .list((0..<length()).map { _ in next(element.type, isNullable: element.isNullable) })
    case .structure(let fields):
      return .structure(fields.map { next($0.type, isNullable: $0.isNullable) })
    case .map(let key, let value):
      return .map(
        (0..<length()).map { _ in
          ColumnMapEntry(
            next(key, isNullable: false), next(value.type, isNullable: value.isNullable))
        })
    default:
      // A value is the first of numbers of its own, so that a small choice of seeds makes few distinct ones.
      guard distinct < .max else { return random.value(type) }
      var own = RandomNumbers(seed: UInt64(random.below(distinct)))
      return own.value(type)
    }
  }

  private mutating func length() -> Int { random.once(in: 40) ? random.below(60) : random.below(4) }
}
