import Testing
import TokyoDataColumns
import TokyoDataParquet

@Suite("Row groups of the writer")
struct RowGroupTests {
  /// Rows that no codec makes much smaller.
  static func batch(_ rows: Int, from start: Int = 0) throws -> ColumnBatch {
    let schema = try ColumnSchema([ColumnField("a", .int64), ColumnField("b", .string)])
    var builder = ColumnBatchBuilder(schema, capacity: rows)
    for row in start..<start + rows {
      let scattered = EncodingChoiceTests.scattered(row)
      try builder.append(row: [.int(Int64(bitPattern: scattered)), .string(String(scattered, radix: 36))])
    }
    return try builder.finish()
  }

  @Test("row groups come near the bytes that were asked for, the first one too")
  func comesNear() async throws {
    var options = ParquetWriterOptions()
    options.rowGroupBytes = 1_000_000
    options.footerBytes = 1 << 20
    let bytes = try await written([Self.batch(300_000)], options: options).bytes
    let sizes = try await ParquetFile(source: ParquetBytes(bytes)).rowGroups.map(\.encodedBytes)
    #expect(sizes.count > 5)
    // Within one stretch of 4096 rows of about 21 bytes, and what the foretelling misses.
    #expect(sizes.dropLast().allSatisfy { (850_000...1_150_000).contains($0) }, "\(sizes)")
  }

  @Test("row groups end at the most bytes that may be held back")
  func boundsBuffer() async throws {
    var options = ParquetWriterOptions()
    options.bufferBytes = 500_000
    let bytes = try await written([Self.batch(100_000)], options: options).bytes
    let groups = try await ParquetFile(source: ParquetBytes(bytes)).rowGroups
    #expect(groups.count > 3)
    #expect(groups.dropLast().allSatisfy { $0.rowCount == groups[0].rowCount || $0.rowCount % 4096 == 0 })
    #expect(groups.allSatisfy { $0.encodedBytes < 700_000 })
  }

  @Test("row groups double where the footer comes near its budget, and the writer then says it is full")
  func savesFooter() async throws {
    var options = ParquetWriterOptions()
    options.rowGroupBytes = 200_000
    options.footerBytes = 3000
    let batch = try Self.batch(20_000)
    var writer = try ParquetWriter(schema: batch.schema, options: options, sink: ParquetBytes())
    var wasFull: [Bool] = []
    for _ in 0..<15 {
      try await writer.write(batch)
      wasFull.append(writer.isFull)
    }
    let bytes = try await writer.finish().sink.bytes
    let sizes = try await ParquetFile(source: ParquetBytes(bytes)).rowGroups.map(\.encodedBytes)
    #expect(sizes[0] < 300_000)
    #expect(sizes[sizes.count - 2] > 350_000)
    #expect(wasFull.first == false && wasFull.last == true)
  }

  @Test("the writer says when the file should end, what it holds back included")
  func endsFiles() async throws {
    var options = ParquetWriterOptions()
    options.fileBytes = 2_000_000
    var writer = try ParquetWriter(schema: Self.batch(0).schema, options: options, sink: ParquetBytes())
    var rows = 0
    while !writer.isFull {
      try await writer.write(Self.batch(10_000, from: rows))
      rows += 10_000
      #expect(rows <= 200_000)
    }
    #expect(writer.rowCount == rows)
    let summary = try await writer.finish().summary
    #expect((1_600_000...2_400_000).contains(summary.byteCount))
  }

  @Test("as many columns at once as there are threads give the same bytes")
  func isDeterministicInParallel() async throws {
    let batch = try Self.batch(50_000)
    var options = ParquetWriterOptions()
    options.rowGroupRows = 20_000
    let one = try await written([batch], options: options)
    for parallelism in [2, 3, 64] {
      options.parallelism = parallelism
      let many = try await written([batch], options: options)
      #expect(many.bytes == one.bytes)
      #expect(many.summary == one.summary)
    }
  }

  @Test("a cancelled task ends the writing", arguments: [1, 2])
  func cancels(parallelism: Int) async throws {
    let batch = try Self.batch(5000)
    var options = ParquetWriterOptions()
    options.rowGroupRows = 1000
    options.parallelism = parallelism
    let chosen = options
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await written([batch], options: chosen)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("a value that is refused names its column and row group, encoded in parallel too", arguments: [1, 2])
  func namesPlaces(parallelism: Int) async throws {
    let type = ColumnType.decimal(precision: 2, scale: 0)
    var builder = ColumnBuilder(type)
    for row in 0..<5 { builder.append(unscaled: row == 4 ? 100 : 1) }
    let decimals = builder.finish()
    let schema = try ColumnSchema([ColumnField("d", type), ColumnField("e", type)])
    var options = ParquetWriterOptions()
    options.rowGroupRows = 2
    options.parallelism = parallelism
    let batch = try ColumnBatch(schema: schema, columns: [decimals, decimals])
    let error = await #expect(throws: ParquetError.self) { try await written([batch], options: options) }
    #expect(error?.code == .valueOutOfRange)
    #expect(error?.rowGroup == 2)
    #expect(error?.column == "d" || error?.column == "e" && parallelism == 2)
  }
}
