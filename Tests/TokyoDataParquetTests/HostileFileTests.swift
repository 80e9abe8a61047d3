import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Files that are cut, changed or made to harm")
struct HostileFileTests {
  /// One type for each way in which values are decoded.
  static let types: [ColumnType] = [
    .bool, .int16, .int64, .float, .string, .bytes, .decimal(precision: 9, scale: 2),
    .decimal(precision: 38, scale: 10),
  ]

  /// A small file with dictionary and plain pages, nulls and two row groups.
  static func smallFile(_ codec: ParquetCodec) async throws -> [UInt8] {
    let fields = types.enumerated().map { ColumnField("c\($0)", $1, isNullable: $0 % 3 != 0) }
    let schema = try ColumnSchema(fields)
    var builder = ColumnBatchBuilder(schema)
    for row in 0..<16 {
      try builder.append(
        row: fields.enumerated().map { index, field in
          field.isNullable && row % 5 == 2
            ? .null : TestColumns.value(field.type, index % 2 == 0 ? row % 2 : row)
        })
    }
    var options = ParquetWriterOptions()
    options.codec = codec
    options.rowGroupRows = 10
    options.pageRows = 5
    return try await written([builder.finish()], options: options, metadata: ["k": "v"]).bytes
  }

  @Test("a file cut anywhere is an error")
  func refusesCutFiles() async throws {
    let bytes = try await Self.smallFile(.snappy)
    for length in 0..<bytes.count {
      await #expect(throws: (any Error).self) { try await readBack(Array(bytes[..<length])) }
    }
  }

  @Test(
    "any one changed byte gives an error or rows, never a trap",
    arguments: [ParquetCodec.snappy, .uncompressed])
  func survivesChangedBytes(codec: ParquetCodec) async throws {
    let bytes = try await Self.smallFile(codec)
    var options = ParquetReaderOptions()
    options.verifiesChecksums = false
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= [0x01, 0x80, 0xff][index % 3]
      _ = try? await readBack(changed, options: options)
    }
  }

  @Test("a changed byte of a page is found by its checksum")
  func findsChangedPages() async throws {
    let bytes = try await Self.smallFile(.uncompressed)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let chunk = try #require(file.rowGroups.first?.columns.last)
    var changed = bytes
    changed[chunk.byteRange.upperBound - 1] ^= 1
    let error = await #expect(throws: ParquetError.self) { try await readBack(changed) }
    #expect(error?.code == .checksumMismatch)
    #expect(error?.rowGroup == 0)
    #expect(error?.column == "c\(Self.types.count - 1)")
    #expect(error?.offset != nil)
  }

  @Test("a count that no bytes bear out is refused before memory is taken")
  func refusesForgedCounts() {
    // A list of 2^40 elements in a footer of a few bytes.
    let bytes: [UInt8] = [0x29, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0]
    #expect(throws: ParquetError.self) { try ParquetFileMetadata(bytes, in: 0..<bytes.count, end: 100) }
    // A byte string of 2^40 bytes.
    let text: [UInt8] = [0x68, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0]
    #expect(throws: ParquetError.self) { try ParquetFileMetadata(text, in: 0..<text.count, end: 100) }
  }

  @Test("structures nested without end are refused")
  func refusesDeepNesting() {
    for header: UInt8 in [0x1c, 0x19] {
      let bytes = [0xfc as UInt8] + [UInt8](repeating: header, count: 100_000)
      #expect(throws: ParquetError.self) { try ParquetFileMetadata(bytes, in: 0..<bytes.count, end: 100) }
    }
  }

  @Test("a Snappy page cannot claim more than Snappy can pack")
  func refusesForgedPageSizes() {
    _ = [UInt8](repeating: 0, count: 30).withUnsafeBytes { body in
      #expect(throws: ParquetError.self) {
        try PageCompression.decompress(body, .snappy, size: 1 << 30)
      }
    }
  }

  @Test("runs that stand for endless rows are read in small batches, or refused at once")
  func boundsExpansion() async throws {
    var validity = ValidityBuilder()
    for _ in 0..<3_000_000 { validity.appendNull() }
    let column = ColumnVector(
      type: .int64, storage: .int64([Int64](repeating: 0, count: 3_000_000)), validity: validity.finish())
    let batch = try ColumnBatch(schema: ColumnSchema([ColumnField("c", .int64)]), columns: [column])
    var writerOptions = ParquetWriterOptions()
    writerOptions.pageRows = 3_000_000
    let bytes = try await written([batch], options: writerOptions).bytes
    #expect(bytes.count < 1000)
    var options = ParquetReaderOptions()
    options.limits.columnBytes = 1 << 20
    let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
    let error = await #expect(throws: ParquetError.self) { try await file.read(rowGroup: 0) }
    #expect(error?.code == .limitExceeded)
    var rows = 0
    for try await batch in file.batches(rows: 10_000) { rows += batch.rowCount }
    #expect(rows == 3_000_000)
  }

  @Test("what is no Parquet file, or an encrypted one, is told apart")
  func tellsOtherFiles() async throws {
    let text = await #expect(throws: ParquetError.self) {
      try await ParquetFile(source: ParquetBytes(Array("a,b\n1,2\n3,4\n5,6\n".utf8)))
    }
    #expect(text?.code == .corrupted)
    let encrypted = await #expect(throws: ParquetError.self) {
      try await ParquetFile(source: ParquetBytes(Array("PARE....\u{4}\0\0\0PARE".utf8)))
    }
    #expect(encrypted?.code == .encrypted)
  }
}
