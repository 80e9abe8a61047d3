import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("Rows for a binary COPY")
struct CopyRowsTests {
  private static let types: [(type: PostgresType, column: ColumnType)] = [
    (.bool, .bool), (.int2, .int16), (.int4, .int32), (.int8, .int64), (.oid, .int64), (.float4, .float),
    (.float8, .double), (.numeric, .decimal(38, 6)), (.text, .string), (.jsonb, .string), (.uuid, .string),
    (.bytea, .bytes), (.date, .date), (.time, .time), (.timestamp, .localTimestamp),
    (.timestamptz, .timestamp), (PostgresType(oid: 1007), .list(of: .int32)),
    (PostgresType(oid: 1231), .list(of: .decimal(9, 2))),
  ]

  private static func schema() throws -> ColumnSchema {
    try ColumnSchema(types.enumerated().map { ColumnField("c\($0)", $1.column) })
  }

  /// Rows of which some are null in each column, another for each.
  private static func rows(_ count: Int) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try schema())
    for index in 0..<count {
      let number = Int64(index)
      let values: [ColumnValue] = [
        .bool(index.isMultiple(of: 2)), .int(number % 30_000), .int(-number), .int(.max - number),
        .int(number),
        .float(Float(index) / 7), .double(-Double(index) / 7),
        .decimal(try Decimal128(unscaled: Int128(1) << Int128(index % 120), scale: 6)),
        .string(String(repeating: "行", count: index % 50)), .string("{\"n\": \(index)}"),
        "00112233-4455-6677-8899-aabbccddeeff", .bytes(Array(repeating: 0, count: index % 9)),
        .date(Day(daysSince1970: Int32(index))), .time(TimeOfDay(microsecondsSinceMidnight: number)),
        .localTimestamp(LocalTimestamp(microsecondsSince1970: -number)),
        .timestamp(Timestamp(microsecondsSince1970: number)),
        .list((0..<index % 4).map { $0 == 2 ? .null : .int(Int64($0)) }),
        .list([.decimal(try Decimal128(unscaled: Int128(index), scale: 2))]),
      ]
      try builder.append(
        row: values.enumerated().map { column, value in (index + column) % 5 == 4 ? .null : value })
    }
    return try builder.finish()
  }

  private static func encoders(_ schema: ColumnSchema) throws -> [FieldEncoder] {
    try zip(schema.fields, types).map { field, type in
      try FieldEncoder(field, to: #require(WireType(type.type)))
    }
  }

  @Test("are read back as they were, in however many blocks", arguments: [1, 2_047, 10_000])
  func roundTrip(count: Int) throws {
    let (schema, batch) = (try Self.schema(), try Self.rows(count))
    var rows = CopyRows(batch, by: try Self.encoders(schema))
    var parser = CopyParser(
      names: schema.fields.map(\.name),
      decoders: try ResultPlan.copyFields(schema, from: Self.types.map(\.type)))
    var builder = ColumnBatchBuilder(schema)
    try CopyFormat.header.withUnsafeBytes { try parser.parse($0, into: &builder) }
    var blocks = 0
    while try rows.encodeBlock() {
      blocks += 1
      try rows.bytes.prefix(rows.byteCount).withUnsafeBytes { try parser.parse($0, into: &builder) }
    }
    #expect(try builder.finish() == batch)
    #expect(count < 5_000 || blocks > 1)
  }

  @Test(
    "that do not fit their table name the column",
    arguments: [
      (.int32, .int2, 32_768), (.int64, .int4, .int(Int64(Int32.min) - 1)), (.int64, .oid, -1),
      (.string, .uuid, "0011"), (.string, .text, "a\0b"), (.date, .date, .date(Day(daysSince1970: .max))),
      (.timestamp, .timestamptz, .timestamp(Timestamp(microsecondsSince1970: .min))),
      (.time, .time, .time(TimeOfDay(microsecondsSinceMidnight: -1))),
      (.list(of: .int64), PostgresType(oid: 1005), .list([1, 40_000])),
    ] as [(ColumnType, PostgresType, ColumnValue)])
  func impossible(column: ColumnType, type: PostgresType, value: ColumnValue) throws {
    let field = ColumnField("wide", column)
    var builder = ColumnBatchBuilder(try ColumnSchema([field]))
    try builder.append(row: [value])
    let encoder = try FieldEncoder(field, to: #require(WireType(type)))
    var rows = CopyRows(try builder.finish(), by: [encoder])
    let error = #expect(throws: PostgresError.self) { _ = try rows.encodeBlock() }
    #expect(error?.code == .valueNotRepresentable)
    #expect(error?.column == "wide")
  }

  @Test("have no way into a type of another kind")
  func mismatches() throws {
    for (column, type) in [
      (.int64, .text), (.string, .int4), (.timestamp, .timestamp), (.double, .float4),
      (.list(of: .int32), .int4),
      (.int32, PostgresType(oid: 1007)), (.list(of: .string), PostgresType(oid: 1007)),
    ] as [(ColumnType, PostgresType)] {
      let error = #expect(throws: PostgresError.self) {
        try FieldEncoder(ColumnField("x", column), to: #require(WireType(type)))
      }
      #expect(error?.code == .unsupportedType)
    }
    let unknown = WireType(type: PostgresType(oid: 16_400), form: .unknown)
    #expect(throws: PostgresError.self) { try FieldEncoder(ColumnField("x", .string), to: unknown) }
  }
}
