import Testing
import TokyoDataColumns
import TokyoDataParquet

@Suite("The writer")
struct WriterTests {
  @Test("the same rows give the same bytes, however they are cut into batches")
  func isDeterministic() async throws {
    var options = ParquetWriterOptions()
    options.rowGroupBytes = 40_000
    let whole = try TestColumns.batch(.string, 20_000, .some)
    let one = try await written([whole], options: options, metadata: ["b": "2", "a": "1"])
    for size in [1, 777, 4096, 19_999] {
      let parts = try stride(from: 0, to: 20_000, by: size).map {
        try whole.gathering(Array($0..<min($0 + size, 20_000)))
      }
      let many = try await written(parts, options: options, metadata: ["a": "1", "b": "2"])
      #expect(many.bytes == one.bytes)
      #expect(many.summary == one.summary)
    }
  }

  @Test("a file without rows has a schema and no row groups")
  func writesEmptyFiles() async throws {
    let schema = try ColumnSchema(TestColumns.types.enumerated().map { ColumnField("c\($0)", $1) })
    let (summary, bytes) = try await written([], schema: schema)
    #expect(summary.rowCount == 0)
    #expect(summary.byteCount == bytes.count)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    #expect(file.schema == schema)
    #expect(file.rowGroups.isEmpty)
    #expect(try await readBack(bytes) == ColumnBatch(empty: schema))
  }

  @Test("the schema comes back with names, types and nullability")
  func keepsSchema() async throws {
    let fields = TestColumns.types.enumerated().map { ColumnField("c\($0)", $1, isNullable: $0 % 2 == 0) }
    let schema = try ColumnSchema(fields)
    let bytes = try await written([], schema: schema).bytes
    #expect(try await ParquetFile(source: ParquetBytes(bytes)).schema == schema)
  }

  @Test("the footer carries names and values, the writer's name and the sorting columns")
  func writesMetadata() async throws {
    var options = ParquetWriterOptions()
    options.sortingColumns = [ParquetSortingColumn(columnIndex: 0, isDescending: true)]
    let bytes = try await written(
      [TestColumns.batch(.int64, 5)], options: options, metadata: ["z": "ü", "a": ""]
    ).bytes
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    #expect(file.keyValueMetadata == ["a": "", "z": "ü"])
    #expect(file.metadata.keyValueMetadata.map(\.key) == ["a", "z"])
    #expect(file.metadata.createdBy?.hasPrefix("tokyo-data version ") == true)
    #expect(file.rowGroups[0].sortingColumns == options.sortingColumns)
  }

  @Test("the chunk says which encodings its pages have, and sizes add up")
  func describesChunks() async throws {
    var options = ParquetWriterOptions()
    options.pageRows = 100
    let (summary, bytes) = try await written(
      [TestColumns.batch(.int32, 1000, .some, distinct: 9)], options: options)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let chunk = file.rowGroups[0].columns[0]
    #expect(
      chunk.pageCounts == [
        ParquetPageCount(type: .dictionary, encoding: .plain, count: 1),
        ParquetPageCount(type: .data, encoding: .rleDictionary, count: 10),
      ])
    #expect(chunk.dictionaryPageOffset == 4)
    #expect(chunk.byteRange.upperBound < bytes.count)
    #expect(summary.columns[0].encodedBytes == chunk.encodedBytes)
    #expect(summary.byteCount == bytes.count)
  }

  @Test("a batch of other columns is refused, naming the column")
  func refusesOtherColumns() async throws {
    let schema = try ColumnSchema([ColumnField("c", .int64, isNullable: false)])
    for batch in [try TestColumns.batch(.int32, 1), try TestColumns.batch(.int64, 3, .some)] {
      let error = await #expect(throws: ParquetError.self) { try await written([batch], schema: schema) }
      #expect(error?.code == .schemaMismatch)
      #expect(error?.column == "c")
    }
  }

  @Test("a decimal beyond its column's precision is refused, not cut")
  func refusesLongDecimals() async throws {
    for precision in [9, 18, 30] {
      var builder = ColumnBuilder(.decimal(precision: precision, scale: 0))
      builder.append(unscaled: Decimal128.powerOfTen(precision))
      let schema = try ColumnSchema([ColumnField("c", .decimal(precision: precision, scale: 0))])
      let batch = try ColumnBatch(schema: schema, columns: [builder.finish()])
      let error = await #expect(throws: ParquetError.self) { try await written([batch]) }
      #expect(error?.code == .valueOutOfRange)
    }
  }

  @Test("impossible options are refused")
  func refusesOptions() async throws {
    let schema = try ColumnSchema([ColumnField("c", .int64)])
    func error(_ change: (inout ParquetWriterOptions) -> Void) -> ParquetError.Code? {
      var options = ParquetWriterOptions()
      change(&options)
      do throws(ParquetError) {
        _ = try ParquetWriter(schema: schema, options: options, sink: ParquetBytes())
        return nil
      } catch { return error.code }
    }
    #expect(error { $0.pageRows = 0 } == .invalidArgument)
    #expect(error { $0.rowGroupBytes = -1 } == .invalidArgument)
    #expect(error { $0.codec = .brotli } == .unsupportedCodec)
    #expect(error { $0.sortingColumns = [ParquetSortingColumn(columnIndex: 1)] } == .invalidArgument)
    #expect(error { $0.pageRows = 1 } == nil)
  }

  @Test("after a value that it refuses, behind a finished row group, the writer takes nothing more")
  func staysFailedBehindRowGroups() async throws {
    let type = ColumnType.decimal(precision: 2, scale: 0)
    var numbers = ColumnBuilder(.int64)
    var decimals = ColumnBuilder(type)
    for row in 0..<6 {
      numbers.append(int64: Int64(row))
      decimals.append(unscaled: row == 4 ? 100 : 1)
    }
    let schema = try ColumnSchema([ColumnField("n", .int64), ColumnField("d", type)])
    let batch = try ColumnBatch(schema: schema, columns: [numbers.finish(), decimals.finish()])
    var options = ParquetWriterOptions()
    options.rowGroupRows = 2
    var writer = try ParquetWriter(schema: schema, options: options, sink: ParquetBytes())
    let error = await #expect(throws: ParquetError.self) { try await writer.write(batch) }
    #expect(error?.column == "d" && error?.rowGroup == 2)
    await #expect(throws: ParquetError.self) { try await writer.write(ColumnBatch(empty: schema)) }
  }

  @Test("after an error of its sink the writer takes nothing more")
  func staysFailed() async throws {
    struct Failing: ParquetSink {
      struct Full: Error {}
      mutating func write(_ bytes: [UInt8]) throws { throw Full() }
    }
    var options = ParquetWriterOptions()
    options.rowGroupRows = 2
    let batch = try TestColumns.batch(.int64, 3)
    var writer = try ParquetWriter(schema: batch.schema, options: options, sink: Failing())
    await #expect(throws: Failing.Full.self) { try await writer.write(batch) }
    await #expect(throws: ParquetError.self) { try await writer.write(batch) }
  }
}
