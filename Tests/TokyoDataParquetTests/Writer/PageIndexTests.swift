import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("The indexes of pages")
struct PageIndexTests {
  struct Indexes {
    let chunk: ParquetColumnChunk
    let offsets: ParquetOffsetIndex
    let columns: ParquetColumnIndex?
    let bytes: [UInt8]
  }

  static func indexes(
    _ batch: ColumnBatch, column: Int = 0, _ change: (inout ParquetWriterOptions) -> Void
  ) async throws -> Indexes {
    var options = ParquetWriterOptions()
    change(&options)
    let bytes = try await written([batch], options: options).bytes
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let chunk = file.rowGroups[0].columns[column]
    let offsets = try ParquetOffsetIndex(Array(bytes[#require(chunk.offsetIndexRange)]))
    let columns = try chunk.columnIndexRange.map { try ParquetColumnIndex(Array(bytes[$0])) }
    return Indexes(chunk: chunk, offsets: offsets, columns: columns, bytes: bytes)
  }

  static func batch(_ type: ColumnType, _ values: [ColumnValue]) throws -> ColumnBatch {
    let schema = try ColumnSchema([ColumnField("c", type)])
    var builder = ColumnBatchBuilder(schema, capacity: values.count)
    for value in values { try builder.append(row: [value]) }
    return try builder.finish()
  }

  @Test("pages lie end to end behind the dictionary and count all rows", arguments: [1, 2])
  func placesPages(version: Int) async throws {
    let batch = try TestColumns.batch(.int32, 1000, .some, distinct: 9)
    let indexes = try await Self.indexes(batch) {
      $0.pageRows = 77
      $0.pageVersion = version
      $0.profile = .unrestricted
    }
    let pages = indexes.offsets.pages
    #expect(pages.count == 13)
    #expect(pages.map(\.firstRow) == Array(stride(from: 0, to: 1000, by: 77)))
    #expect(pages.first?.offset == indexes.chunk.dataPageOffset)
    for (page, next) in zip(pages, pages.dropFirst()) { #expect(page.offset + page.byteCount == next.offset) }
    #expect(pages.last.map { $0.offset + $0.byteCount } == indexes.chunk.byteRange.upperBound)
    for page in pages {
      var reader = CompactReader(indexes.bytes, in: page.offset..<page.offset + page.byteCount)
      let header = try PageHeader(&reader)
      #expect(header.data?.valueCount == min(77, 1000 - page.firstRow))
    }
  }

  @Test("every page has its own bounds, nulls and levels")
  func boundsPages() async throws {
    let values = (0..<40).map { (row: Int) -> ColumnValue in
      let isNull = (10..<20).contains(row) || row % 7 == 3
      return isNull ? .null : .int(Int64(row < 30 ? row : -row))
    }
    let indexes = try await Self.indexes(Self.batch(.int64, values)) { $0.pageRows = 10 }
    let columns = try #require(indexes.columns)
    func plain(_ value: Int64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    #expect(columns.nullPages == [false, true, false, false])
    #expect(columns.minimums == [plain(0), [], plain(20), plain(-39)])
    #expect(columns.maximums == [plain(9), [], plain(29), plain(-30)])
    #expect(columns.nullCounts == [1, 10, 1, 2])
    #expect(columns.definitionLevels == [1, 9, 10, 0, 1, 9, 2, 8])
    #expect(columns.order == .unordered)
    #expect(indexes.chunk.sizeStatistics?.definitionLevels == [14, 26])
    #expect(indexes.chunk.statistics.nullCount == 14)
  }

  @Test("bounds that only rise or fall are said to")
  func ordersPages() async throws {
    func order(_ value: (Int) -> ColumnValue, _ type: ColumnType) async throws -> ParquetColumnIndex.Order? {
      try await Self.indexes(Self.batch(type, (0..<100).map(value))) { $0.pageRows = 10 }.columns?.order
    }
    #expect(try await order({ .int(Int64($0)) }, .int32) == .ascending)
    #expect(try await order({ .int(Int64(-$0)) }, .int32) == .descending)
    #expect(try await order({ .int(Int64($0 % 15)) }, .int32) == .unordered)
    #expect(try await order({ $0 / 10 % 2 == 0 ? .null : .double(Double($0)) }, .double) == .ascending)
    #expect(try await order({ .string("\(900 - $0)") }, .string) == .descending)
    #expect(try await order({ _ in .bool(true) }, .bool) == .ascending)
  }

  @Test("a page with NaN has no bounds, so its chunk has neither an index of them nor bounds")
  func leavesNaNOut() async throws {
    let values: [ColumnValue] = (0..<30).map { .double($0 == 25 ? .nan : Double($0)) }
    let indexes = try await Self.indexes(Self.batch(.double, values)) { $0.pageRows = 10 }
    #expect(indexes.columns == nil)
    #expect(indexes.chunk.statistics.minimum == nil)
    #expect(indexes.offsets.pages.count == 3)
  }

  @Test("long texts are cut in the index, and kept whole where no cut is greater")
  func cutsBounds() async throws {
    let text = String(repeating: "é", count: 50)
    let cut = try await Self.indexes(Self.batch(.string, [.string(text)])) { $0.statisticsBytes = 9 }
    #expect(cut.columns?.minimums == [Array("éééé".utf8)])
    #expect(cut.columns?.maximums == [Array("éééê".utf8)])
    let full = [UInt8](repeating: 0xff, count: 30)
    let whole = try await Self.indexes(Self.batch(.bytes, [.bytes(full)])) { $0.statisticsBytes = 9 }
    #expect(whole.columns?.minimums == [Array(full.prefix(9))])
    #expect(whole.columns?.maximums == [full])
  }

  @Test("pages of lists begin with a row, and texts count their bytes")
  func keepsRowsWhole() async throws {
    let rows = (0..<60).map { (row: Int) -> ColumnValue in
      if row % 4 == 3 { return .null }
      return .list((0..<row % 5).map { .string(String(repeating: "x", count: $0)) })
    }
    let batch = try Self.batch(.list(of: .string), rows)
    let indexes = try await Self.indexes(batch) { $0.pageRows = 7 }
    #expect(indexes.offsets.pages.map(\.firstRow) == Array(stride(from: 0, to: 60, by: 7)))
    var bytes = [Int](repeating: 0, count: indexes.offsets.pages.count)
    for row in 0..<60 where row % 4 != 3 { bytes[row / 7] += (0..<row % 5).reduce(0, +) }
    #expect(indexes.offsets.byteArrayBytes == bytes)
    #expect(indexes.chunk.sizeStatistics?.byteArrayBytes == bytes.reduce(0, +))
    #expect(indexes.chunk.sizeStatistics?.repetitionLevels.first == 60)
  }

  @Test("a page ends at its bytes of values")
  func endsPagesByBytes() async throws {
    let values: [ColumnValue] = (0..<100).map {
      .bytes([UInt8](repeating: UInt8($0), count: $0 == 50 ? 5000 : 96))
    }
    var options = ParquetWriterOptions()
    options.columns["c"] = ParquetColumnOptions()
    options.columns["c"]?.encoding = .plain
    let chosen = options
    let indexes = try await Self.indexes(Self.batch(.bytes, values)) {
      $0 = chosen
      $0.pageBytes = 1000
    }
    let sizes = try #require(indexes.offsets.byteArrayBytes)
    #expect(sizes.allSatisfy { $0 <= 1000 || $0 == 5000 })
    #expect(sizes.contains(5000))
    #expect(sizes.count < 20)
  }

  @Test("without the options there are neither indexes, checksums nor size statistics")
  func leavesOut() async throws {
    var options = ParquetWriterOptions()
    options.writesPageIndex = false
    options.writesSizeStatistics = false
    options.writesChecksums = false
    let bytes = try await written([TestColumns.batch(.string, 100)], options: options).bytes
    let chunk = try await ParquetFile(source: ParquetBytes(bytes)).rowGroups[0].columns[0]
    #expect(chunk.offsetIndexRange == nil && chunk.columnIndexRange == nil && chunk.sizeStatistics == nil)
    var reader = CompactReader(bytes, in: chunk.dataPageOffset..<bytes.count)
    #expect(try PageHeader(&reader).checksum == nil)
  }
}
