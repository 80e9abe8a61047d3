import TokyoDataColumns
import TokyoDataParquet

/// Every column type, with values that lie at the edges of what it holds.
enum TestColumns {
  static let types: [ColumnType] = [
    .bool, .int16, .int32, .int64, .float, .double, .string, .bytes, .date, .timestamp, .localTimestamp,
    .decimal(precision: 1, scale: 0), .decimal(precision: 9, scale: 2), .decimal(precision: 10, scale: 10),
    .decimal(precision: 18, scale: 4), .decimal(precision: 19, scale: 0), .decimal(precision: 38, scale: 10),
  ]

  /// A value for a number; small moduli make runs and few distinct values, large ones many.
  static func value(_ type: ColumnType, _ number: Int) -> ColumnValue {
    if number % 11 == 5, !type.isNested { return extremes(of: type)[number / 11 % extremes(of: type).count] }
    switch type {
    case .bool: return .bool(number % 3 == 0)
    case .int8: return .int(Int64(Int8(truncatingIfNeeded: number &* 7)))
    case .time: return .time(TimeOfDay(microsecondsSinceMidnight: Int64(number % 86_400) * 1_000_001))
    case .list(let element):
      return .list(
        (0..<number % 4).map { $0 == 2 && element.isNullable ? .null : value(element.type, number + $0) })
    case .structure(let fields):
      return .structure(fields.map { $0.isNullable && number % 5 == 3 ? .null : value($0.type, number) })
    case .map(let key, let element):
      return .map(
        (0..<number % 3).map {
          ColumnMapEntry(
            value(key, number + $0), element.isNullable && $0 == 1 ? .null : value(element.type, number))
        })
    case .int16: return .int(Int64(Int16(truncatingIfNeeded: number &* 31)))
    case .int32: return .int(Int64(Int32(truncatingIfNeeded: number &* 65_537)))
    case .int64: return .int(Int64(truncatingIfNeeded: number &* 0x1_0000_0001))
    case .float: return .float(Float(number) / 3)
    case .double: return .double(Double(number) / 7)
    case .string: return .string("text \(number) ü")
    case .bytes: return .bytes([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 5))
    case .date: return .date(Day(daysSince1970: Int32(truncatingIfNeeded: number)))
    case .timestamp: return .timestamp(Timestamp(microsecondsSince1970: Int64(number) * 1_000_003))
    case .localTimestamp:
      return .localTimestamp(LocalTimestamp(microsecondsSince1970: Int64(number) * -1_000_003))
    case .decimal(let precision, let scale):
      let digits = Int128(number) % Decimal128.powerOfTen(min(precision, 18))
      return .decimal(Decimal128(unchecked: number % 2 == 0 ? digits : -digits, scale: scale))
    }
  }

  static func extremes(of type: ColumnType) -> [ColumnValue] {
    switch type {
    case .list, .structure, .map: []
    case .int8: [.int(Int64(Int8.min)), .int(Int64(Int8.max)), .int(0)]
    case .time:
      [0, 86_399_999_999, 86_400_000_000].map { .time(TimeOfDay(microsecondsSinceMidnight: $0)) }
    case .bool: [.bool(true), .bool(false)]
    case .int16: [.int(Int64(Int16.min)), .int(Int64(Int16.max)), .int(0)]
    case .int32: [.int(Int64(Int32.min)), .int(Int64(Int32.max)), .int(-1)]
    case .int64: [.int(.min), .int(.max), .int(-1)]
    case .float:
      [.float(-0.0), .float(.infinity), .float(-.infinity), .float(.leastNonzeroMagnitude)]
    case .double: [.double(-0.0), .double(.infinity), .double(-.greatestFiniteMagnitude)]
    case .string: [.string(""), .string("\u{10ffff}\u{0}é"), .string(String(repeating: "long ", count: 300))]
    case .bytes: [.bytes([]), .bytes([0, 255, 0]), .bytes([UInt8](repeating: 255, count: 700))]
    case .date: [.date(Day(daysSince1970: .min)), .date(Day(daysSince1970: .max))]
    case .timestamp:
      [
        .timestamp(Timestamp(microsecondsSince1970: .min)),
        .timestamp(Timestamp(microsecondsSince1970: .max)),
      ]
    case .localTimestamp:
      [
        .localTimestamp(LocalTimestamp(microsecondsSince1970: .min)),
        .localTimestamp(LocalTimestamp(microsecondsSince1970: .max)),
      ]
    case .decimal(let precision, let scale):
      [
        .decimal(Decimal128(unchecked: Decimal128.powerOfTen(precision) - 1, scale: scale)),
        .decimal(Decimal128(unchecked: 1 - Decimal128.powerOfTen(precision), scale: scale)),
      ]
    }
  }

  /// Where nulls lie among the rows.
  enum Nulls: String, CaseIterable, Sendable {
    case none, all, some, long

    func isNull(_ row: Int) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .some: row % 3 == 1 || row % 17 == 0
      case .long: row / 100 % 2 == 0
      }
    }
  }

  static func batch(
    _ type: ColumnType, _ count: Int, _ nulls: Nulls = .none, distinct: Int = .max, isNullable: Bool = true
  ) throws -> ColumnBatch {
    let schema = try ColumnSchema([ColumnField("c", type, isNullable: isNullable)])
    var builder = ColumnBatchBuilder(schema, capacity: count)
    for row in 0..<count {
      try builder.append(row: [nulls.isNull(row) ? .null : value(type, row % distinct)])
    }
    return try builder.finish()
  }
}

/// Writes batches of one schema into memory.
func written(
  _ batches: [ColumnBatch], schema: ColumnSchema? = nil,
  options: ParquetWriterOptions = ParquetWriterOptions(),
  metadata: [String: String] = [:]
) async throws -> (summary: ParquetFileSummary, bytes: [UInt8]) {
  let schema = try schema ?? batches.first?.schema ?? ColumnSchema([])
  var writer = try ParquetWriter(schema: schema, options: options, metadata: metadata, sink: ParquetBytes())
  for batch in batches { try await writer.write(batch) }
  let (summary, sink) = try await writer.finish()
  return (summary, sink.bytes)
}

/// Reads all row groups of a file into one batch.
func readBack(
  _ bytes: [UInt8], columns: [String]? = nil, rows: Int = .max, options: ParquetReaderOptions = .init()
) async throws -> ColumnBatch {
  let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
  var batches: [ColumnBatch] = []
  for try await batch in file.batches(columns: columns, rows: rows) { batches.append(batch) }
  let schema = try columns.map { try file.schema.selecting($0) } ?? file.schema
  return batches.isEmpty ? ColumnBatch(empty: schema) : try ColumnBatch.joining(batches, schema: schema)
}
