import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A field in binary")
struct FieldDecoderTests {
  private func decode(_ bytes: [UInt8], from type: PostgresType, to column: ColumnType) throws -> ColumnValue
  {
    let decoder = try #require(FieldDecoder(from: type, to: column))
    var builder = ColumnBuilder(column)
    try bytes.withUnsafeBytes { try decoder.decode($0, into: &builder) }
    return builder.finish()[0]
  }

  @Test(
    "becomes a value",
    arguments: [
      ([1], .bool, .bool, .bool(true)), ([0], .bool, .bool, .bool(false)),
      ([0xFF, 0xFE], .int2, .int16, -2), ([0xFF, 0xFE], .int2, .int64, -2),
      ([0x7F, 0xFF, 0xFF, 0xFF], .int4, .int32, .int(Int64(Int32.max))),
      ([0xFF, 0xFF, 0xFF, 0xFF], .oid, .int64, 4_294_967_295),
      ([0x80, 0, 0, 0, 0, 0, 0, 0], .int8, .int64, .int(.min)),
      ([0x3F, 0x80, 0, 0], .float4, .float, .float(1)), ([0x3F, 0x80, 0, 0], .float4, .double, .double(1)),
      ([0x3F, 0xF0, 0, 0, 0, 0, 0, 0], .float8, .double, .double(1)),
      ([0xC3, 0xA9], .text, .string, "é"), ([], .varchar, .string, ""),
      ([1, 0x7B, 0x7D], .jsonb, .string, "{}"), ([0x7B, 0x7D], .json, .string, "{}"),
      ([0, 255], .bytea, .bytes, .bytes([0, 255])),
      ([0, 0, 0, 0], .date, .date, .date(Day(daysSince1970: 10_957))),
      (
        [0, 0, 0, 0, 0, 0, 0, 1], .timestamptz, .timestamp,
        .timestamp(Timestamp(microsecondsSince1970: 946_684_800_000_001))
      ),
      (
        [0, 0, 0, 0, 0, 0, 0, 0], .timestamp, .localTimestamp,
        .localTimestamp(LocalTimestamp(microsecondsSince1970: 946_684_800_000_000))
      ),
      (
        [0, 0, 0, 0x14, 0x1D, 0xD7, 0x60, 0], .time, .time,
        .time(TimeOfDay(microsecondsSinceMidnight: 86_400_000_000))
      ),
      (Array(0...15), .uuid, .string, "00010203-0405-0607-0809-0a0b0c0d0e0f"),
    ] as [([UInt8], PostgresType, ColumnType, ColumnValue)])
  func values(bytes: [UInt8], type: PostgresType, column: ColumnType, value: ColumnValue) throws {
    #expect(try decode(bytes, from: type, to: column) == value)
  }

  @Test(
    "of another length than its type's is an error",
    arguments: [
      ([], .bool, .bool), ([0, 0], .bool, .bool), ([0], .int2, .int16), ([0, 0, 0], .int4, .int32),
      ([0, 0, 0, 0], .int8, .int64), ([0], .float8, .double), (Array(0...14), .uuid, .string),
      ([], .jsonb, .string), ([2, 0x7B], .jsonb, .string), ([0], .date, .date),
      ([0, 0], .numeric, .decimal(precision: 5, scale: 0)), ([0, 0, 0, 0], .time, .time),
    ] as [([UInt8], PostgresType, ColumnType)])
  func lengths(bytes: [UInt8], type: PostgresType, column: ColumnType) {
    let error = #expect(throws: PostgresError.self) { _ = try decode(bytes, from: type, to: column) }
    #expect(error?.code == .protocolViolation)
  }

  @Test(
    "that a column cannot hold is an error",
    arguments: [
      ([0x7F, 0xFF, 0xFF, 0xFF], .date, .date), ([0x80, 0, 0, 0], .date, .date),
      ([0x7F, 0xFF, 0xFF, 0xFE], .date, .date),
      ([0x7F] + Array(repeating: 0xFF, count: 7), .timestamptz, .timestamp),
      ([0x80] + Array(repeating: 0, count: 7), .timestamp, .localTimestamp),
      ([0x7F] + Array(repeating: 0xFF, count: 6) + [0xFE], .timestamptz, .timestamp),
      ([0, 0, 0, 0x14, 0x1D, 0xD7, 0x60, 1], .time, .time), (Array(repeating: 0xFF, count: 8), .time, .time),
      (Array(repeating: 0xFF, count: 8), .xid8, .int64), ([0xC3], .text, .string),
      (Array("12345678".utf8) + [0xFF], .text, .string),
    ] as [([UInt8], PostgresType, ColumnType)])
  func impossible(bytes: [UInt8], type: PostgresType, column: ColumnType) {
    let error = #expect(throws: PostgresError.self) { _ = try decode(bytes, from: type, to: column) }
    #expect(error?.code == .valueNotRepresentable)
  }

  @Test("has no way into a column of another kind")
  func mismatches() {
    #expect(FieldDecoder(from: .int8, to: .int32) == nil)
    #expect(FieldDecoder(from: .float8, to: .float) == nil)
    #expect(FieldDecoder(from: .timestamptz, to: .localTimestamp) == nil)
    #expect(FieldDecoder(from: .int4, to: .string) == nil)
  }

  @Test(
    "that is infinite or NaN becomes a null where the policy says so, and only there",
    arguments: [
      ([0x7F, 0xFF, 0xFF, 0xFF], .date, .date), ([0x80, 0, 0, 0], .date, .date),
      ([0x7F] + Array(repeating: 0xFF, count: 7), .timestamptz, .timestamp),
      ([0x80] + Array(repeating: 0, count: 7), .timestamp, .localTimestamp),
      ([0, 0, 0, 0, 0xC0, 0, 0, 0], .numeric, .decimal(5, 0)),
      ([0, 0, 0, 0, 0xD0, 0, 0, 0x20], .numeric, .decimal(5, 0)),
      ([0, 0, 0, 0, 0xF0, 0, 0, 0x20], .numeric, .decimal(5, 0)),
    ] as [([UInt8], PostgresType, ColumnType)])
  func infinities(bytes: [UInt8], type: PostgresType, column: ColumnType) throws {
    let refusing = #expect(throws: PostgresError.self) { _ = try decode(bytes, from: type, to: column) }
    #expect(refusing?.code == .valueNotRepresentable)
    let decoder = try #require(FieldDecoder(from: type, to: column, infinities: .null))
    var builder = ColumnBuilder(column)
    try bytes.withUnsafeBytes { try decoder.decode($0, into: &builder) }
    #expect(builder.finish()[0] == .null)
  }

  @Test(
    "of random bytes is a value or an error, never a trap",
    arguments: [
      (.bool, .bool), (.int2, .int64), (.int4, .int32), (.oid, .int64), (.int8, .int64), (.xid8, .int64),
      (.float4, .double), (.float8, .double), (.numeric, .decimal(38, 10)), (.numeric, .decimal(5, 0)),
      (.text, .string), (.jsonb, .string), (.uuid, .string), (.bytea, .bytes), (.date, .date),
      (.timestamptz, .timestamp), (.timestamp, .localTimestamp), (.time, .time),
    ] as [(PostgresType, ColumnType)])
  func hostile(type: PostgresType, column: ColumnType) throws {
    var random = OracleRandom(seed: 7)
    for policy in [InfinityPolicy.refuse, .null] {
      let decoder = try #require(FieldDecoder(from: type, to: column, infinities: policy))
      for length in 0..<40 {
        for _ in 0..<50 {
          // Bytes at the ends of their range are likelier to be a length, a sign or an infinity.
          let bytes = (0..<length).map { _ in
            random.isOne(in: 2)
              ? random.pick([0, 1, 0x7F, 0x80, 0xC0, 0xF0, 0xFF]) : UInt8(random.below(256))
          }
          var builder = ColumnBuilder(column)
          do {
            try bytes.withUnsafeBytes { try decoder.decode($0, into: &builder) }
            #expect(builder.count == 1)
          } catch { #expect(error is PostgresError) }
        }
      }
    }
  }
}
