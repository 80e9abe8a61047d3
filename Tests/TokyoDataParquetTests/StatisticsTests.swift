import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Statistics")
struct StatisticsTests {
  /// The statistics of the only chunk, and the summary of its column.
  static func statistics(
    _ type: ColumnType, _ values: [ColumnValue], limit: Int = 64
  ) async throws -> (chunk: ParquetStatistics, summary: ParquetColumnSummary) {
    let schema = try ColumnSchema([ColumnField("c", type)])
    var builder = ColumnBatchBuilder(schema)
    for value in values { try builder.append(row: [value]) }
    var options = ParquetWriterOptions()
    options.statisticsBytes = limit
    let (summary, bytes) = try await written([builder.finish()], options: options)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    return (try #require(file.rowGroups.first?.columns.first?.statistics), summary.columns[0])
  }

  @Test("bounds are the least and greatest values, exactly", arguments: TestColumns.types)
  func boundsValues(type: ColumnType) async throws {
    let extremes = TestColumns.extremes(of: type)
    let values = extremes.filter { $0 != .float(.leastNonzeroMagnitude) } + [.null, .null]
    let (chunk, summary) = try await Self.statistics(type, values + values, limit: 2000)
    #expect(chunk.nullCount == 4)
    #expect(summary.nullCount == 4)
    #expect(chunk.isMinimumExact && chunk.isMaximumExact)
    let (low, high) = Self.expected(type)
    #expect(chunk.minimum == low)
    #expect(chunk.maximum == high)
    #expect(summary.minimum == low)
    #expect(summary.maximum == high)
  }

  static func expected(_ type: ColumnType) -> (ColumnValue, ColumnValue) {
    let extremes = TestColumns.extremes(of: type)
    switch type {
    case .bool: return (.bool(false), .bool(true))
    case .float: return (.float(-.infinity), .float(.infinity))
    case .double: return (.double(-.greatestFiniteMagnitude), .double(.infinity))
    case .string: return (.string(""), extremes[1])
    case .bytes: return (.bytes([]), extremes[2])
    case .decimal: return (extremes[1], extremes[0])
    default: return (extremes[0], extremes[1])
    }
  }

  @Test("NaN among the values leaves no bounds")
  func omitsBoundsWithNaN() async throws {
    for values: [ColumnValue] in [
      [.double(.nan), .double(1)], [.double(1), .double(.nan)], [.double(.nan)],
    ] {
      let (chunk, summary) = try await Self.statistics(.double, values)
      #expect(chunk.encodedMinimum == nil && chunk.encodedMaximum == nil)
      #expect(summary.minimum == nil && !summary.isMinimumExact)
      #expect(chunk.nullCount == 0)
    }
  }

  @Test("zeros of both signs lie within the bounds")
  func widensZeros() async throws {
    let (chunk, _) = try await Self.statistics(.double, [.double(0.0), .double(0.0)])
    #expect(chunk.encodedMinimum == [0, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(chunk.encodedMaximum == [0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test("a column of nulls has its count and no bounds")
  func countsNulls() async throws {
    let (chunk, summary) = try await Self.statistics(.int64, [.null, .null])
    #expect(chunk.nullCount == 2)
    #expect(chunk.minimum == nil && chunk.maximum == nil)
    #expect(summary.minimum == nil)
  }

  @Test("long texts are cut to bounds that still hold, and say so")
  func cutsLongTexts() async throws {
    let text = String(repeating: "é", count: 40)
    let (chunk, summary) = try await Self.statistics(.string, [.string(text)], limit: 9)
    #expect(chunk.minimum == .string("éééé"))
    #expect(chunk.maximum == .string("éééê"))
    #expect(!chunk.isMinimumExact && !chunk.isMaximumExact)
    #expect(summary.minimum == .string(text) && summary.isMaximumExact)
  }

  @Test(
    "a cut upper bound is greater, or there is none",
    arguments: [
      (bytes: [0x61, 0xff, 0xff], isText: false, upper: [0x62] as [UInt8]?),
      (bytes: [0xff, 0xff, 0xff], isText: false, upper: nil),
      (bytes: [0x61, 0x62, 0x63], isText: false, upper: [0x61, 0x63]),
      (bytes: Array("a\u{7f}b".utf8), isText: true, upper: Array("b".utf8)),
      (bytes: Array("\u{d7ff}x".utf8), isText: true, upper: nil),
    ])
  func incrementsBounds(bytes: [UInt8], isText: Bool, upper: [UInt8]?) {
    #expect(BoundTruncation.upper(bytes, limit: 2, isText: isText) == upper)
  }

  @Test("the scalar behind the last before the surrogates is the first behind them")
  func skipsSurrogates() {
    let bytes = Array("\u{d7ff}x".utf8)
    #expect(BoundTruncation.upper(bytes, limit: 3, isText: true) == Array("\u{e000}".utf8))
    let last = Array("\u{10ffff}\u{10ffff}x".utf8)
    #expect(BoundTruncation.upper(last, limit: 8, isText: true) == nil)
  }

  @Test("bounds of several row groups become those of the file; NaN in one leaves none")
  func mergesRowGroups() async throws {
    var options = ParquetWriterOptions()
    options.rowGroupRows = 2
    let schema = try ColumnSchema([ColumnField("a", .int32), ColumnField("b", .float)])
    var builder = ColumnBatchBuilder(schema)
    for value in [5, 3, 9, 1] {
      try builder.append(row: [.int(Int64(value)), .float(value == 1 ? .nan : Float(value))])
    }
    let summary = try await written([builder.finish()], options: options).summary
    #expect(summary.columns[0].minimum == .int(1) && summary.columns[0].maximum == .int(9))
    #expect(summary.columns[1].minimum == nil)
  }
}
