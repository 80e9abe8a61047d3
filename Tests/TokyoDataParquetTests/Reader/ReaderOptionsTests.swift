import Synchronization
import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("How files are read")
struct ReaderOptionsTests {
  static func file() async throws -> (ColumnBatch, [UInt8]) {
    let types = TestColumns.types
    let schema = try ColumnSchema(types.enumerated().map { ColumnField("c\($0)", $1) })
    var builder = ColumnBatchBuilder(schema)
    for row in 0..<700 {
      try builder.append(
        row: types.map { row % 7 == 3 ? .null : TestColumns.value($0, row) })
    }
    let batch = try builder.finish()
    var options = ParquetWriterOptions()
    options.rowGroupRows = 300
    return (batch, try await written([batch], options: options).bytes)
  }

  @Test("the rows are the same for any number of tasks", arguments: [1, 2, 3, 100])
  func readsInParallel(parallelism: Int) async throws {
    let (batch, bytes) = try await Self.file()
    var options = ParquetReaderOptions()
    options.parallelism = parallelism
    #expect(try await readBack(bytes, options: options) == batch)
    #expect(try await readBack(bytes, rows: 41, options: options) == batch)
  }

  @Test("an error of one of many tasks names its column", arguments: [1, 4])
  func namesColumns(parallelism: Int) async throws {
    var (_, bytes) = try await Self.file()
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    bytes[file.rowGroups[1].columns[5].byteRange.upperBound - 1] ^= 1
    var options = ParquetReaderOptions()
    options.parallelism = parallelism
    let error = await #expect(throws: ParquetError.self) { try await readBack(bytes, options: options) }
    #expect(error?.code == .checksumMismatch && error?.column == "c5" && error?.rowGroup == 1)
  }

  @Test("chunks of one row group come with one read, or with one each")
  func coalesces() async throws {
    let (batch, bytes) = try await Self.file()
    for gap in [1 << 20, 0] {
      let source = RowRangesTests.CountingSource(bytes)
      var options = ParquetReaderOptions()
      options.coalescingBytes = gap
      let file = try await ParquetFile(source: source, options: options)
      source.reads.withLock { $0.removeAll() }
      // Every other column, so that there are gaps.
      let names = stride(from: 0, to: batch.columns.count, by: 2).map { "c\($0)" }
      #expect(try await file.read(rowGroup: 0, columns: names).rowCount == 300)
      #expect(source.reads.withLock { $0.count } == (gap > 0 ? 1 : names.count))
    }
  }

  @Test("ranges are read together up to a gap and a size")
  func groupsRanges() {
    #expect(ChunkFetch.groups([0..<10, 10..<20, 25..<30, 40..<50], gap: 5) == [0..<3, 3..<4])
    #expect(ChunkFetch.groups([0..<10, 5..<8, 10..<20], gap: 0) == [0..<3])
    #expect(ChunkFetch.groups([0..<12_000_000, 12_000_000..<20_000_000], gap: 5) == [0..<1, 1..<2])
    #expect(ChunkFetch.groups([], gap: 5) == [])
  }

  @Test("batches have as many rows as the options say")
  func sizesBatches() async throws {
    let (_, bytes) = try await Self.file()
    var options = ParquetReaderOptions()
    options.batchRows = 128
    let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
    var sizes: [Int] = []
    for try await batch in file.batches(columns: ["c0"]) { sizes.append(batch.rowCount) }
    #expect(sizes == [128, 128, 44, 128, 128, 44, 100])
  }
}
