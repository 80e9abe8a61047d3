import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("The conformance files", .enabled(if: Corpus.isHere, "TOKYO_TEST_SHARED is not set"))
struct CorpusTests {
  enum Outcome: Sendable {
    /// As many rows, and values of this digest, which is that of what pyarrow reads.
    case rows(Int, UInt64)
    case error(ParquetError.Code)
    /// No Parquet file, for other tests.
    case other
  }

  /// Every file, and what reading it must give.
  static let outcomes: [String: Outcome] = [
    "bad_data/ARROW-GH-43605.parquet": .rows(21186, 0xe1e80e75e40dba95),
    "data/alltypes_plain.parquet": .rows(8, 0x2eedd684fd2de2ab),
    "data/alltypes_plain.snappy.parquet": .rows(2, 0xba07a5ebfe0d8415),
    "data/alltypes_tiny_pages.parquet": .rows(7300, 0x7a0f199b17a6789),
    "data/binary.parquet": .rows(12, 0x9459429972cf8da3),
    "data/binary_truncated_min_max.parquet": .rows(12, 0x3d37513e140eb2e3),
    "data/byte_stream_split.zstd.parquet": .rows(300, 0x7d2472eaf951854b),
    "data/column_chunk_key_value_metadata.parquet": .rows(0, 0xcbf29ce484222325),
    "data/data_index_bloom_encoding_stats.parquet": .rows(14, 0x2a601627aedf274c),
    "data/datapage_v1-snappy-compressed-checksum.parquet": .rows(5120, 0xb1486ec2a2c9d47d),
    "data/datapage_v1-uncompressed-checksum.parquet": .rows(5120, 0xb1486ec2a2c9d47d),
    "data/datapage_v2.snappy.parquet": .rows(5, 0x5c9ecc0cbea1aa75),
    "data/delta_binary_packed.parquet": .rows(200, 0x83d81eac6d180fac),
    "data/delta_byte_array.parquet": .rows(1000, 0x94e662bcdffce900),
    "data/delta_encoding_required_column.parquet": .rows(100, 0xf6449d7ed0f63198),
    "data/delta_length_byte_array.parquet": .rows(1000, 0x9a02c74397416d79),
    "data/dict-page-offset-zero.parquet": .rows(39, 0xd106a3534a814f80),
    "data/fixed_length_byte_array.parquet": .rows(1000, 0x37fd76a75134451c),
    "data/fixed_length_decimal.parquet": .rows(24, 0x1a89b00d244e8df7),
    "data/float16_zeros_and_nans.parquet": .rows(3, 0x6747e81c968f48a4),
    "data/int32_decimal.parquet": .rows(24, 0x1a89b00d244e8df7),
    "data/int32_with_null_pages.parquet": .rows(1000, 0xe8d34e6fd52c824e),
    "data/list_columns.parquet": .rows(3, 0x256d5faf5bd788c2),
    "data/map_no_value.parquet": .rows(3, 0x88dd2e54c3040841),
    "data/nested_lists.snappy.parquet": .rows(3, 0x788db17585481e0b),
    "data/nested_structs.rust.parquet": .rows(1, 0xd1a1d602ffe188a9),
    "data/nonnullable.impala.parquet": .rows(1, 0x50c88f3b0a67e073),
    "data/nulls.snappy.parquet": .rows(8, 0x46fea3ece3a637cd),
    "data/plain-dict-uncompressed-checksum.parquet": .rows(1000, 0x17610284110738b5),
    "data/repeated_primitive_no_list.parquet": .rows(4, 0x87122d9d6303cdb1),
    "data/rle-dict-snappy-checksum.parquet": .rows(1000, 0x7744ab41dfd0cd65),
    "data/rle_boolean_encoding.parquet": .rows(68, 0x23c228e57a9f7b71),
    "data/single_nan.parquet": .rows(1, 0x2ab8369a31422c6a),
    "data/datapage_v1-corrupt-checksum.parquet": .error(.checksumMismatch),
    "data/lz4_raw_compressed.parquet": .error(.unsupportedCodec),
    "data/non_hadoop_lz4_compressed.parquet": .error(.unsupportedCodec),
    "data/encrypt_columns_plaintext_footer.parquet.encrypted": .error(.encrypted),
    "data/uniform_encryption.parquet.encrypted": .error(.encrypted),
    "data/bloom_filter.xxhash.bin": .other,
    "bad_data/ARROW-GH-41317.parquet": .error(.corrupted),
    "bad_data/ARROW-GH-41321.parquet": .error(.corrupted),
    "bad_data/ARROW-RS-GH-6229-DICTHEADER.parquet": .error(.corrupted),
  ]

  /// Files that are read whole.
  static var readable: [String] {
    outcomes.compactMap { if case .rows = $0.value { $0.key } else { nil } }.sorted()
  }

  @Test("the list names every file that is there, and no other")
  func listsAllFiles() throws {
    #expect(try Corpus.files() == Set(Self.outcomes.keys))
  }

  @Test("every file gives the rows or the error that the list states", arguments: outcomes.keys.sorted())
  func readsOrRefuses(name: String) async throws {
    let bytes = try Corpus.bytes(name)
    switch try #require(Self.outcomes[name]) {
    case .rows(let count, let digest):
      let batch = try await readBack(bytes)
      #expect(batch.rowCount == count)
      #expect(batch.digest == digest, "\(String(batch.digest, radix: 16))")
    case .error(let code):
      let error = await #expect(throws: ParquetError.self) { try await readBack(bytes) }
      #expect(error?.code == code, "\(String(describing: error))")
    case .other: break
    }
  }

  @Test("the codec that is not supported is named")
  func namesCodecs() async throws {
    let bytes = try Corpus.bytes("data/lz4_raw_compressed.parquet")
    let error = await #expect(throws: ParquetError.self) { try await readBack(bytes) }
    #expect(error?.message.contains("LZ4_RAW") == true)
    #expect(error?.column == "c0")
  }

  @Test("with checksums left aside, a page of a wrong one is read")
  func leavesChecksumsAside() async throws {
    var options = ParquetReaderOptions()
    options.verifiesChecksums = false
    let bytes = try Corpus.bytes("data/datapage_v1-corrupt-checksum.parquet")
    let batch = try await readBack(bytes, options: options)
    #expect(batch.rowCount == 5120)
    #expect(batch.digest == 0x2b8a2d17fe4de6b2)
  }

  @Test("of a file with encrypted columns the schema is seen, and its other columns are read")
  func readsBesideEncryptedColumns() async throws {
    let bytes = try Corpus.bytes("data/encrypt_columns_plaintext_footer.parquet.encrypted")
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    #expect(file.schema.index(of: "float_field") != nil)
    #expect(try await file.read(rowGroup: 0, columns: ["boolean_field"]).rowCount == 50)
    let error = await #expect(throws: ParquetError.self) {
      try await file.read(rowGroup: 0, columns: ["float_field"])
    }
    #expect(error?.code == .encrypted && error?.column == "float_field")
  }

  @Test("batches of few rows, several tasks and single reads give the same rows", arguments: readable)
  func readsTheSameInOtherWays(name: String) async throws {
    let bytes = try Corpus.bytes(name)
    let whole = try await readBack(bytes)
    var options = ParquetReaderOptions()
    options.parallelism = 3
    options.coalescingBytes = 0
    for rows in [7, 1000] {
      #expect(try await readBack(bytes, rows: rows, options: options) == whole, "\(rows) rows at a time")
    }
  }

  @Test(
    "delta encodings give the values beside the files",
    arguments: ["delta_binary_packed", "delta_byte_array", "delta_encoding_required_column"])
  func readsDeltas(name: String) async throws {
    let batch = try await readBack(Corpus.bytes("data/\(name).parquet"))
    let lines = try Corpus.lines("data/\(name)_expect.csv")
    #expect(lines.count == batch.rowCount)
    for (row, line) in lines.enumerated() {
      let cells = Corpus.cells(line)
      let read = batch.row(row).map { value in
        switch value {
        case .string(let text): text
        case .null: ""
        default: value.spelling
        }
      }
      #expect(read == cells, "row \(row)")
    }
  }

  @Test("rows of the middle are the same, by the offset index or without", arguments: readable)
  func readsRowRanges(name: String) async throws {
    let file = try await ParquetFile(source: ParquetBytes(Corpus.bytes(name)))
    for (group, described) in file.rowGroups.enumerated() where described.rowCount > 2 {
      let whole = try await file.read(rowGroup: group)
      let count = described.rowCount
      let ranges = [1..<2, count / 3..<count / 3 + 1, count / 2..<count / 2 + count / 4, count - 1..<count]
      let rows = RowRanges(ranges)
      let some = try await file.read(rowGroup: group, rows: rows)
      #expect(some.rowCount == rows.count)
      let expected = rows.ranges.flatMap { $0.map { whole.row($0).map(\.spelling) } }
      #expect((0..<some.rowCount).map { some.row($0).map(\.spelling) } == expected)
    }
  }
}
