import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("The conformance files, changed", .enabled(if: Corpus.isHere, "TOKYO_TEST_SHARED is not set"))
struct MutationTests {
  /// Small files that together have every encoding, both kinds of pages and nested columns.
  static let names = [
    "alltypes_plain", "alltypes_plain.snappy", "binary", "column_chunk_key_value_metadata",
    "data_index_bloom_encoding_stats", "datapage_v2.snappy", "dict-page-offset-zero", "fixed_length_decimal",
    "float16_zeros_and_nans", "int32_decimal", "list_columns", "map_no_value", "nested_lists.snappy",
    "nonnullable.impala", "nulls.snappy", "plain-dict-uncompressed-checksum", "repeated_primitive_no_list",
    "rle_boolean_encoding", "rle-dict-snappy-checksum", "single_nan", "delta_length_byte_array",
    "byte_stream_split.zstd", "int32_with_null_pages",
  ]

  @Test("any one changed byte gives an error or rows, never a trap or a hang", arguments: names)
  func survivesChangedBytes(name: String) async throws {
    let bytes = try Corpus.bytes("data/\(name).parquet")
    var options = ParquetReaderOptions()
    options.verifiesChecksums = false
    options.limits.columnBytes = 1 << 20
    // A file has a second or so, however fast the machine is: the same changes are made on all.
    let step = max(1, bytes.count / 200)
    for index in stride(from: 0, to: bytes.count, by: step) {
      for change: UInt8 in [0x01, 0x10, 0x80, 0xff] {
        var changed = bytes
        changed[index] ^= change
        do { try await read(changed, options) } catch {
          #expect(error is ParquetError, "byte \(index) changed by \(change)")
        }
      }
    }
  }

  @Test("a file cut anywhere is an error", arguments: ["nested_lists.snappy", "datapage_v2.snappy"])
  func refusesCutFiles(name: String) async throws {
    let bytes = try Corpus.bytes("data/\(name).parquet")
    for length in 0..<bytes.count {
      await #expect(throws: ParquetError.self) { try await read(Array(bytes[..<length]), .init()) }
    }
  }

  private func read(_ bytes: [UInt8], _ options: ParquetReaderOptions) async throws {
    let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
    for name in file.schema.fields.map(\.name) {
      // What a change makes of one column must not keep the others from being read.
      do {
        var rows = 0
        for try await batch in file.batches(columns: [name], rows: 1000) {
          rows += batch.rowCount
          if rows > 20_000 { break }
        }
      } catch let error as ParquetError { _ = error }
    }
  }
}
