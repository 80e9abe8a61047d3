import Testing
import TokyoDataColumns
import TokyoDataParquet

@Suite("What is written is read back equal")
struct RoundTripTests {
  /// Pages of few rows, so that levels and values cross many page boundaries.
  static let smallPages: ParquetWriterOptions = {
    var options = ParquetWriterOptions()
    options.pageRows = 37
    return options
  }()

  @Test(
    "every type keeps its values and nulls, at every length around packs and words",
    arguments: TestColumns.types)
  func keepsValues(type: ColumnType) async throws {
    for nulls in TestColumns.Nulls.allCases {
      for count in [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 500] {
        for options in [ParquetWriterOptions(), Self.smallPages] {
          let batch = try TestColumns.batch(type, count, nulls)
          let bytes = try await written([batch], options: options).bytes
          #expect(try await readBack(bytes) == batch, "\(count) rows, nulls \(nulls)")
        }
      }
    }
  }

  @Test("required columns keep their values", arguments: TestColumns.types)
  func keepsRequiredValues(type: ColumnType) async throws {
    let batch = try TestColumns.batch(type, 700, isNullable: false)
    for options in [ParquetWriterOptions(), Self.smallPages] {
      let bytes = try await written([batch], options: options).bytes
      #expect(try await readBack(bytes) == batch)
    }
  }

  /// Options by which the one column of test batches has an encoding.
  static func encoded(_ encoding: ParquetEncoding) -> [String: ParquetColumnOptions] {
    var options = ParquetColumnOptions()
    options.encoding = encoding
    return ["c": options]
  }

  @Test("few distinct values go through a dictionary, also without compression", arguments: TestColumns.types)
  func keepsDictionaryValues(type: ColumnType) async throws {
    var uncompressed = Self.smallPages
    uncompressed.codec = .uncompressed
    var compressed = ParquetWriterOptions()
    let encoding: ParquetEncoding = type == .bool ? .rle : .rleDictionary
    compressed.columns = Self.encoded(encoding)
    uncompressed.columns = Self.encoded(encoding)
    for distinct in [1, 2, 3, 40] {
      let batch = try TestColumns.batch(type, 3000, .some, distinct: distinct)
      for options in [compressed, uncompressed] {
        let bytes = try await written([batch], options: options).bytes
        #expect(try await readBack(bytes) == batch, "\(distinct) distinct values")
        let file = try await ParquetFile(source: ParquetBytes(bytes))
        let chunk = try #require(file.rowGroups.first?.columns.first)
        #expect(chunk.encodings.last == encoding)
      }
    }
  }

  @Test("portions of any size read the same rows", arguments: [1, 5, 36, 37, 38, 64, 1000])
  func readsPortions(rows: Int) async throws {
    for type in TestColumns.types {
      for distinct in [20, Int.max] {
        let batch = try TestColumns.batch(type, 400, .some, distinct: distinct)
        let bytes = try await written([batch], options: Self.smallPages).bytes
        #expect(try await readBack(bytes, rows: rows) == batch)
      }
    }
  }

  @Test("more than 2^16 distinct values, with and without a dictionary")
  func keepsManyDistinctValues() async throws {
    for (count, usesDictionary) in [(70_000 * 4, true), (200_000, false)] {
      let distinct = usesDictionary ? 70_000 : count
      let values = ContiguousArray(
        (0..<count).map { Int32(truncatingIfNeeded: ($0 * distinct / count) &* 40_503) })
      var builder = ColumnBuilder(.int32)
      for value in values { builder.append(int32: value) }
      let schema = try ColumnSchema([ColumnField("c", .int32)])
      let batch = try ColumnBatch(schema: schema, columns: [builder.finish()])
      var options = ParquetWriterOptions()
      options.columns = Self.encoded(usesDictionary ? .rleDictionary : .plain)
      let bytes = try await written([batch], options: options).bytes
      let file = try await ParquetFile(source: ParquetBytes(bytes))
      let chunk = try #require(file.rowGroups.first?.columns.first)
      #expect(chunk.encodings.contains(.rleDictionary) == usesDictionary)
      #expect(try await readBack(bytes) == batch)
    }
  }

  @Test("row groups end at the row limit, and batches may end anywhere")
  func splitsRowGroups() async throws {
    var options = Self.smallPages
    options.rowGroupRows = 100
    let batches = try [0, 30, 99, 100, 101, 250].map { try TestColumns.batch(.string, $0, .some) }
    let (summary, bytes) = try await written(batches, options: options)
    #expect(summary.rowCount == 580)
    #expect(summary.rowGroupCount == 6)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    #expect(file.rowGroups.map(\.rowCount) == [100, 100, 100, 100, 100, 80])
    let all = try ColumnBatch.joining(batches, schema: batches[0].schema)
    #expect(try await readBack(bytes) == all)
    #expect(try await file.read(rowGroup: 5).rowCount == 80)
  }

  @Test("row groups end at the encoded size")
  func splitsRowGroupsByBytes() async throws {
    var options = ParquetWriterOptions()
    options.rowGroupBytes = 50_000
    let batch = try TestColumns.batch(.double, 150_000)
    let bytes = try await written([batch], options: options).bytes
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    #expect(file.rowGroups.count >= 3)
    for group in file.rowGroups.dropLast() { #expect((25_000...100_000).contains(group.encodedBytes)) }
    #expect(try await readBack(bytes) == batch)
  }

  @Test("columns are read by name, in the order asked for")
  func projects() async throws {
    let schema = try ColumnSchema([
      ColumnField("a", .int64), ColumnField("b.x", .string), ColumnField("c", .bool),
    ])
    var builder = ColumnBatchBuilder(schema)
    for row in 0..<10 { try builder.append(row: [.int(Int64(row)), .string("\(row)"), .bool(row > 4)]) }
    let batch = try builder.finish()
    let bytes = try await written([batch]).bytes
    #expect(try await readBack(bytes, columns: ["c", "b.x"]) == batch.selecting(["c", "b.x"]))
    #expect(try await readBack(bytes, columns: []).rowCount == 10)
    let error = await #expect(throws: ParquetError.self) { try await readBack(bytes, columns: ["d"]) }
    #expect(error?.code == .unknownColumn)
  }

  @Test("NaN keep their payloads and −0.0 its sign, in dictionaries too")
  func keepsBits() async throws {
    for repeats in [1, 500] {
      var builder = ColumnBuilder(.double)
      for _ in 0..<repeats {
        for bits: UInt64 in [0x7ff8_0000_0000_0001, 0xfff8_dead_beef_0000, 1 << 63, 0] {
          builder.append(double: Double(bitPattern: bits))
        }
      }
      let batch = try ColumnBatch(
        schema: ColumnSchema([ColumnField("c", .double)]), columns: [builder.finish()])
      #expect(try await readBack(written([batch]).bytes) == batch)
    }
  }

  @Test("long texts get pages of their own")
  func keepsLongTexts() async throws {
    let schema = try ColumnSchema([ColumnField("c", .string)])
    var builder = ColumnBatchBuilder(schema)
    for row in 0..<12 {
      try builder.append(row: [row == 5 ? .null : .string(String(repeating: "\(row)ß", count: 400_000))])
    }
    let batch = try builder.finish()
    let bytes = try await written([batch]).bytes
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    #expect(file.rowGroups[0].columns[0].pageCounts?.last?.count == 11)
    #expect(try await readBack(bytes) == batch)
  }
}
