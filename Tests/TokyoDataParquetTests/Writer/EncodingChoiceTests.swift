import Testing
import TokyoDataColumns
import TokyoDataParquet

@Suite("The choice of an encoding")
struct EncodingChoiceTests {
  static func choice(
    _ type: ColumnType, rows: Int = 30_000, options: ParquetWriterOptions = ParquetWriterOptions(),
    _ value: (Int) -> ColumnValue
  ) async throws -> ParquetEncodingChoice {
    let schema = try ColumnSchema([ColumnField("c", type)])
    var builder = ColumnBatchBuilder(schema, capacity: rows)
    for row in 0..<rows { try builder.append(row: [value(row)]) }
    let summary = try await written([builder.finish()], options: options).summary
    return try #require(summary.columns[0].encodings.first)
  }

  /// Numbers without a pattern that a codec or a difference would find.
  static func scattered(_ row: Int) -> UInt64 {
    var mixed = UInt64(row) &* 0x9e37_79b9_7f4a_7c15
    mixed ^= mixed >> 29
    mixed &*= 0xbf58_476d_1ce4_e5b9
    return mixed ^ mixed >> 32
  }

  @Test("few distinct values get a dictionary, whatever their type")
  func choosesDictionaries() async throws {
    #expect(
      try await Self.choice(.string) { .string("state \(Self.scattered($0) % 5)") }.encoding == .rleDictionary
    )
    #expect(
      try await Self.choice(.int64) { .int(Int64(Self.scattered($0) % 9) * 1_000_000_007) }.encoding
        == .rleDictionary)
    #expect(
      try await Self.choice(.double) { .double(Double(Self.scattered($0) % 40)) }.encoding == .rleDictionary)
  }

  @Test("rising numbers are kept as differences")
  func choosesDifferences() async throws {
    let choice = try await Self.choice(.int64) { .int(Int64($0) * 1000 + Int64(Self.scattered($0) % 900)) }
    #expect(choice.encoding == .deltaBinaryPacked)
    let difference = try #require(choice.sampledBytes[.deltaBinaryPacked])
    #expect(difference < (choice.sampledBytes[.plain] ?? 0))
    #expect(choice.reason == "smallest of a sample")
    #expect(choice.rowGroups == [0])
  }

  @Test("numbers without any pattern stay as they are")
  func choosesPlain() async throws {
    #expect(
      try await Self.choice(.int64) { .int(Int64(bitPattern: Self.scattered($0))) }.encoding == .plain)
  }

  @Test("measurements get their bytes split, texts with common starts keep these once")
  func choosesOthers() async throws {
    #expect(
      try await Self.choice(.double) { .double(20 + Double(Self.scattered($0) % 10_000_019) / 1e7) }.encoding
        == .byteStreamSplit)
    #expect(
      try await Self.choice(.string) { .string("https://example.org/orders/2026/11/\(1_000_000 + $0)") }
        .encoding
        == .deltaByteArray)
    #expect(try await Self.choice(.bool) { .bool($0 / 5000 % 2 == 0) }.encoding == .rle)
  }

  @Test("decimals of many digits with common starts stay readable for polars")
  func choosesForPolars() async throws {
    let choice = try await Self.choice(.decimal(precision: 38, scale: 0)) {
      .decimal(Decimal128(Int64($0) + (1 << 40)))
    }
    #expect(choice.encoding == .plain)
    #expect(choice.sampledBytes[.deltaByteArray] == nil)
  }

  @Test("an encoding that is asked for is used, and said to be")
  func obeys() async throws {
    for encoding: ParquetEncoding in [.plain, .rleDictionary, .deltaLengthByteArray, .deltaByteArray] {
      var options = ParquetWriterOptions()
      options.columns["c"] = ParquetColumnOptions()
      options.columns["c"]?.encoding = encoding
      let choice = try await Self.choice(.string, rows: 100, options: options) { .string("\($0)") }
      #expect(choice.encoding == encoding)
      #expect(choice.reason == "set in the options")
      #expect(choice.sampledBytes.isEmpty)
    }
  }

  @Test("without values there is nothing to choose")
  func choosesNothing() async throws {
    let choice = try await Self.choice(.int32, rows: 10) { _ in .null }
    #expect(choice.encoding == .plain)
    #expect(choice.reason == "no values")
  }
}
