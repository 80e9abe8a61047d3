import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Filtered scans")
struct FilteredScanTests {
  static let types = TestColumns.types + [.int8, .time]

  /// A column of a type in runs of near values, so that pages differ, and one that only comes along.
  static func batch(_ type: ColumnType, rows: Int = 2000) throws -> ColumnBatch {
    let schema = try ColumnSchema([
      ColumnField("c", type), ColumnField("row", .int32), ColumnField("d", .string),
    ])
    var builder = ColumnBatchBuilder(schema, capacity: rows)
    for row in 0..<rows {
      let isNull = row % 13 == 4 || (600..<800).contains(row)
      try builder.append(row: [
        isNull ? .null : TestColumns.value(type, row / 3), .int(Int64(row)),
        row % 5 == 0 ? .null : .string("row \(row)"),
      ])
    }
    return try builder.finish()
  }

  static func scan(
    _ bytes: [UInt8], _ filter: ParquetFilter, columns: [String]? = nil, rows: Int? = nil,
    parallelism: Int = 1
  ) async throws -> (batch: ColumnBatch, summary: ParquetScanSummary) {
    var options = ParquetReaderOptions()
    options.parallelism = parallelism
    options.coalescingBytes = 0
    let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
    var iterator = file.batches(columns: columns, rows: rows, where: filter).makeAsyncIterator()
    var batches: [ColumnBatch] = []
    while let batch = try await iterator.next() { batches.append(batch) }
    let schema = try columns.map { try file.schema.selecting($0) } ?? file.schema
    return (try ColumnBatch.joining(batches, schema: schema), iterator.summary)
  }

  static func options(bloom: Bool) -> ParquetWriterOptions {
    var options = ParquetWriterOptions()
    options.profile = .unrestricted
    options.pageRows = 90
    options.rowGroupRows = 700
    if bloom {
      options.columns["c"] = ParquetColumnOptions()
      options.columns["c"]?.bloomFilterFalsePositives = 0.01
    }
    return options
  }

  @Test("a scan gives just the rows that pass, for every type and comparison", arguments: types)
  func givesPassingRows(type: ColumnType) async throws {
    let batch = try Self.batch(type)
    let bytes = try await written([batch], options: Self.options(bloom: type != .bool)).bytes
    let rows = (0..<batch.rowCount).map { row in
      ["c": batch.columns[0][row], "row": batch.columns[1][row], "d": batch.columns[2][row]]
    }
    let values = [5, 200, 333, 660].map { TestColumns.value(type, $0) } + TestColumns.extremes(of: type)
    var filters: [ParquetFilter] = [.isNull("c"), .isNotNull("c"), .and([]), .or([]), .isIn("c", [])]
    for value in values {
      filters += ParquetFilter.Comparison.allCases.map { .compare("c", $0, value) }
    }
    filters.append(.isIn("c", [values[0], values[1], .null]))
    filters.append(.not(.isIn("c", [values[0], values[1]])))
    filters.append(.not(.isIn("c", [values[0], .null])))
    filters.append(.not(.compare("c", .less, values[0]) || .isNull("d")))
    filters.append(.isIn("c", (0..<20).map { TestColumns.value(type, $0 * 31) }))
    filters.append(.compare("c", .greater, values[0]) && .compare("row", .less, .int(900)))
    filters.append(.compare("c", .equal, values[2]) || .compare("d", .equal, .string("row 77")))
    for filter in filters {
      let expected = rows.indices.filter { NaiveFilter.truth(of: filter, rows[$0]) == true }
      let (found, summary) = try await Self.scan(bytes, filter)
      #expect(try found == batch.gathering(expected), "\(filter)")
      #expect(summary.rowsPassed == expected.count)
      #expect(summary.rowsCompared >= expected.count || summary.rowGroupsPassedByBounds > 0)
    }
  }

  @Test("columns come in the order asked for, with or without those of the filter", arguments: [1, 2])
  func projects(parallelism: Int) async throws {
    let batch = try Self.batch(.int64)
    let bytes = try await written([batch], options: Self.options(bloom: false)).bytes
    let filter: ParquetFilter = .compare("row", .greaterOrEqual, .int(333)) && .isNotNull("d")
    let expected = (333..<2000).filter { $0 % 5 != 0 }
    for columns in [["d"], ["c"], ["d", "c"], ["row"], ["c", "row", "d"], []] {
      for rows in [1, 64, 10_000] {
        let found = try await Self.scan(
          bytes, filter, columns: columns, rows: rows, parallelism: parallelism)
        #expect(try found.batch == batch.selecting(columns).gathering(expected))
      }
    }
  }

  @Test("row groups and pages that cannot match are not compared")
  func prunes() async throws {
    let batch = try Self.batch(.int64)
    let bytes = try await written([batch], options: Self.options(bloom: false)).bytes
    let near = try await Self.scan(
      bytes, .compare("row", .greaterOrEqual, .int(100)) && .compare("row", .less, .int(110)))
    #expect(near.summary.rowGroups == 3 && near.summary.rowGroupsExcludedByBounds == 2)
    #expect(near.summary.rows == 700 && near.summary.rowsCompared == 90 && near.summary.rowsPassed == 10)
    let ends = try await Self.scan(bytes, .isIn("row", [.int(0), .int(699)]))
    #expect(ends.summary.rowsCompared == 90 + 70)
    let nulls = try await Self.scan(bytes, .isNull("c") && .compare("row", .less, .int(4)))
    #expect(nulls.summary.rowsCompared == 90 && nulls.summary.rowsPassed == 0)
  }

  @Test("row groups that pass whole are not compared; pages and bytes are counted")
  func passesWholeRowGroups() async throws {
    let batch = try Self.batch(.int64)
    let bytes = try await written([batch], options: Self.options(bloom: false)).bytes
    let filter: ParquetFilter = .compare("row", .greaterOrEqual, .int(650)) && !.isNull("row")
    let (found, summary) = try await Self.scan(bytes, filter, columns: ["d"])
    #expect(try found == batch.selecting(["d"]).gathering(Array(650..<2000)))
    #expect(summary.rowGroups == 3 && summary.rowGroupsPassedByBounds == 2)
    // Of the first row group the last 70 rows are compared: one of eight pages.
    #expect(summary.pages == 8 && summary.pagesExcluded == 7 && summary.rowsCompared == 70)
    #expect(summary.rowsPassed == 1350 && summary.rows == 2000)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let columns = file.rowGroups.flatMap { $0.columns[1...2] }
    #expect(summary.bytesRead > 0 && summary.bytesRead < columns.reduce(0) { $0 + $1.encodedBytes })
    let nothing = try await Self.scan(bytes, .compare("row", .less, .int(-1)))
    #expect(nothing.summary.bytesRead == 0 && nothing.summary.rowGroupsExcludedByBounds == 3)
  }

  @Test(
    "rows that lie scattered are picked from what was decoded, whatever lies between",
    arguments: [1, 3, 64, 5000])
  func picksScatteredRows(batchRows: Int) async throws {
    let batch = try Self.batch(.string)
    let bytes = try await written([batch], options: Self.options(bloom: false)).bytes
    var numbers = TestNumbers(state: 11)
    for share in [2, 5, 20, 60, 300] {
      let rows = (0..<2000).filter { _ in Int.random(in: 0..<share, using: &numbers) == 0 }
      let filter = ParquetFilter.isIn("row", rows.map { .int(Int64($0)) })
      let found = try await Self.scan(bytes, filter, columns: ["c", "d"], rows: batchRows)
      #expect(try found.batch == batch.selecting(["c", "d"]).gathering(rows))
    }
  }

  @Test("pages are not told apart by indexes that do not fit each other")
  func distrustsIndexes() {
    var index = ParquetColumnIndex()
    index.nullPages = [false, false]
    (index.minimums, index.maximums) = ([[1], [2]], [[1], [2]])
    func facts(_ rows: [Int], of count: Int = 10) -> PageFacts? {
      let pages = rows.map { ParquetOffsetIndex.Page(offset: 4, byteCount: 1, firstRow: $0) }
      return PageFacts(index, ParquetOffsetIndex(pages: pages), rowCount: count)
    }
    #expect(facts([0, 4])?.rows == [0..<4, 4..<10])
    for rows in [[], [0], [0, 4, 5], [1, 4], [0, -1], [0, 11], [0, .max], [.min, 4]] {
      #expect(facts(rows) == nil, "\(rows)")
    }
  }

  @Test("bloom filters exclude row groups whose bounds do not")
  func prunesByBloomFilters() async throws {
    let schema = try ColumnSchema([ColumnField("c", .string)])
    var builder = ColumnBatchBuilder(schema, capacity: 3000)
    for row in 0..<3000 { try builder.append(row: [.string("id-\(row * 7919 % 30_011)")]) }
    var options = ParquetWriterOptions()
    options.rowGroupRows = 1000
    options.columns["c"] = ParquetColumnOptions()
    options.columns["c"]?.bloomFilterFalsePositives = 0.001
    let bytes = try await written([builder.finish()], options: options).bytes
    let present = try await Self.scan(bytes, .compare("c", .equal, .string("id-7919")))
    #expect(present.batch.rowCount == 1)
    #expect(present.summary.rowGroupsExcludedByBloomFilters == 2)
    let absent = try await Self.scan(bytes, .isIn("c", [.string("id-7919x"), .string("id-2xyz")]))
    #expect(absent.summary.rowGroupsExcludedByBloomFilters == 3 && absent.batch.rowCount == 0)
    // A comparison that hashes say nothing about is left to the bounds.
    let below = try await Self.scan(bytes, .compare("c", .less, .string("id-3")))
    #expect(below.summary.rowGroupsExcludedByBloomFilters == 0 && below.batch.rowCount > 0)
  }

  @Test("pages of other columns are fetched only where rows pass")
  func readsLittle() async throws {
    let schema = try ColumnSchema([ColumnField("key", .int32), ColumnField("text", .string)])
    var builder = ColumnBatchBuilder(schema, capacity: 20_000)
    for row in 0..<20_000 {
      let text = String(EncodingChoiceTests.scattered(row), radix: 36)
      try builder.append(row: [.int(Int64(row % 5000)), .string(text + text)])
    }
    var options = ParquetWriterOptions()
    options.pageRows = 500
    let bytes = try await written([builder.finish()], options: options).bytes
    let source = CountingSource(ParquetBytes(bytes))
    var reading = ParquetReaderOptions()
    reading.coalescingBytes = 0
    let file = try await ParquetFile(source: source, options: reading)
    let opening = source.bytesRead
    var rows = 0
    for try await batch in file.batches(where: .compare("key", .equal, .int(4321))) { rows += batch.rowCount }
    #expect(rows == 4)
    let text = file.rowGroups[0].columns[1].encodedBytes
    #expect(source.bytesRead - opening < text / 4)
  }

  @Test("what a filter names must be there, flat, and of the type it compares with")
  func refuses() async throws {
    let list = ColumnType.list(of: .int32)
    let schema = try ColumnSchema([
      ColumnField("n", .int64), ColumnField("l", list), ColumnField("m", .decimal(5, 2)),
    ])
    let bytes = try await written([], schema: schema).bytes
    func error(_ filter: ParquetFilter) async -> ParquetError? {
      do {
        let file = try await ParquetFile(source: ParquetBytes(bytes))
        _ = try FilterNode(filter, in: file)
        return nil
      } catch { return error as? ParquetError }
    }
    #expect(await error(.isNull("x"))?.code == .unknownColumn)
    #expect(await error(.isNull("l"))?.code == .invalidArgument)
    #expect(await error(.compare("n", .equal, .string("5")))?.column == "n")
    #expect(await error(.isIn("m", [.int(1), .bytes([1])]))?.code == .invalidArgument)
    #expect(await error(.not(.compare("m", .less, .double(0.5))))?.code == .invalidArgument)
    #expect(await error(.compare("n", .less, .null)) == nil)
    #expect(await error(.compare("m", .less, .decimal(Decimal128("0.001") ?? 0))) == nil)
    // An unknown column is an error of a scan, also of a file without rows.
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    await #expect(throws: ParquetError.self) {
      for try await _ in file.batches(where: .isNull("x")) {}
    }
  }
}

/// Counts the bytes that a file gives out.
final class CountingSource: ParquetSource {
  private let file: ParquetBytes
  private let counter = Counter()

  init(_ file: ParquetBytes) { self.file = file }

  var bytesRead: Int { counter.value }
  var byteCount: Int { file.byteCount }

  func read(_ range: Range<Int>) async throws -> [UInt8] {
    counter.add(range.count)
    return try file.read(range)
  }
}
