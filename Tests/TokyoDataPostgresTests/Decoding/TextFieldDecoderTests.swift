import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A field in text")
struct TextFieldDecoderTests {
  private func decode(
    _ text: String, to column: ColumnType, infinities: InfinityPolicy = .refuse
  ) throws -> ColumnValue {
    var builder = ColumnBuilder(column)
    var text = text
    let decoder = TextFieldDecoder(type: column, infinities: infinities)
    try text.withUTF8 { try decoder.decode(UnsafeRawBufferPointer($0), into: &builder) }
    return builder.finish()[0]
  }

  @Test(
    "becomes a scalar",
    arguments: [
      ("t", .bool, "true"), ("-32768", .int16, "-32768"), ("Infinity", .double, "inf"),
      ("1.5000000000000000000000000000000000000000000000000", .decimal(3, 1), "1.5"),
      ("0.000", .decimal(3, 0), "0"), ("\\x00ff", .bytes, "00ff"), ("24:00:00", .time, "24:00:00.000000"),
      ("0044-03-15 BC", .date, "-0043-03-15"), ("0001-12-31 BC", .date, "0000-12-31"),
      ("9999-12-31", .date, "9999-12-31"),
      ("4714-11-24 00:00:00 BC", .localTimestamp, "-4713-11-24T00:00:00.000000"),
      ("294247-01-10 04:00:54.775807+00", .timestamp, "294247-01-10T04:00:54.775807Z"),
    ] as [(String, ColumnType, String)])
  func scalars(text: String, column: ColumnType, value: String) throws {
    #expect(try decode(text, to: column).text == value)
  }

  @Test("becomes a nested value")
  func nested() throws {
    #expect(try decode("{1,NULL}", to: .list(of: .int64)) == .list([1, .null]))
    #expect(try decode("{}", to: .list(of: .bytes)) == .list([]))
    #expect(try decode(#"{"\\x00",NULL}"#, to: .list(of: .bytes)) == .list([.bytes([0]), .null]))
    #expect(try decode(#"(1,"{a,b}",)"#, to: Self.fields) == .structure([1, .list(["a", "b"]), .null]))
    let map: ColumnValue = .map([ColumnMapEntry("k", "v")])
    #expect(try decode(#""k"=>"v""#, to: .map(.string, to: .string)) == map)
  }

  private static let fields = ColumnType.structure([
    ColumnField("a", .int32), ColumnField("b", .list(of: .string)), ColumnField("c", .date),
  ])

  @Test(
    "that the column does not have is an error, cut or changed",
    arguments: [
      ("x", .bool), ("32768", .int16), ("1.05", .decimal(3, 1)), ("1000", .decimal(3, 0)),
      ("{1", .list(of: .int64)),
      ("{{1}}", .list(of: .int64)), ("{a}", .list(of: .int64)), ("(1,2)", fields),
      ("(1,\"{}\",2024-02-30)", fields),
      ("0000-01-01 BC", .date), ("99999999-01-01 BC", .date), ("x-01-01 BC", .date), ("24:00:01", .time),
      ("294247-01-10 04:00:54.775808+00", .timestamp),
      ("{NULL}", .list(of: .int64, isNullable: false)), ("00ff", .bytes), ("\\x0", .bytes),
    ] as [(String, ColumnType)])
  func impossible(text: String, column: ColumnType) {
    let error = #expect(throws: PostgresError.self) { _ = try decode(text, to: column) }
    #expect(error?.code == .valueNotRepresentable)
  }

  @Test(
    "that is infinite or NaN follows the policy",
    arguments: [
      ("infinity", .date), ("-infinity", .timestamp), ("infinity", .localTimestamp), ("NaN", .decimal(5, 0)),
      ("-Infinity", .decimal(5, 0)),
    ] as [(String, ColumnType)])
  func infinities(text: String, column: ColumnType) throws {
    #expect(throws: PostgresError.self) { try decode(text, to: column) }
    #expect(try decode(text, to: column, infinities: .null) == .null)
    #expect(
      try decode("{\(text)}", to: .list(of: column), infinities: .null) == .list([.null]))
  }
}
