import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Filtered scans of the conformance files", .enabled(if: Corpus.isHere))
struct CorpusFilterTests {
  /// Files of many writers, with bounds, page indexes, bloom filters, or with none of them.
  static let names = [
    "alltypes_plain", "alltypes_plain.snappy", "alltypes_tiny_pages", "binary", "binary_truncated_min_max",
    "data_index_bloom_encoding_stats", "datapage_v2.snappy", "delta_byte_array", "delta_binary_packed",
    "fixed_length_byte_array", "fixed_length_decimal", "float16_zeros_and_nans", "int32_decimal",
    "int32_with_null_pages", "nulls.snappy", "rle_boolean_encoding", "single_nan",
  ]

  @Test("rows that pass are those of a whole read that do", arguments: names)
  func agrees(name: String) async throws {
    var options = ParquetReaderOptions()
    options.nanoseconds = .truncated
    let file = try await ParquetFile(
      source: ParquetBytes(Corpus.bytes("data/\(name).parquet")), options: options)
    for field in file.schema.fields where !field.type.isNested {
      var batches: [ColumnBatch] = []
      for try await batch in file.batches(columns: [field.name]) { batches.append(batch) }
      let schema = try file.schema.selecting([field.name])
      let whole = try ColumnBatch.joining(batches, schema: schema)
      guard let column = whole.columns.first, column.count > 0 else { continue }
      var values = [0, column.count / 3, column.count - 1].map { column[$0] }
      if field.type.isFloatingPoint { values.append(.double(.nan)) }
      var filters: [ParquetFilter] = [.isNull(field.name), .isNotNull(field.name), .isIn(field.name, values)]
      for value in values {
        filters += ParquetFilter.Comparison.allCases.map { .compare(field.name, $0, value) }
      }
      for filter in filters {
        let expected = (0..<column.count).filter {
          NaiveFilter.truth(of: filter, [field.name: column[$0]]) == true
        }
        var found: [ColumnBatch] = []
        for try await batch in file.batches(columns: [field.name], where: filter) { found.append(batch) }
        #expect(
          try ColumnBatch.joining(found, schema: schema) == whole.gathering(expected), "\(filter)")
      }
    }
  }

  @Test("a bloom filter of parquet-mr, and page bounds of another writer, exclude what they should")
  func prunes() async throws {
    let bloom = try await ParquetFile(
      source: ParquetBytes(Corpus.bytes("data/data_index_bloom_encoding_stats.parquet")))
    var iterator = bloom.batches(where: .compare("String", .equal, "Hello, ")).makeAsyncIterator()
    while try await iterator.next() != nil {}
    #expect(
      iterator.summary.rowGroupsExcludedByBloomFilters + iterator.summary.rowGroupsExcludedByBounds == 1)
    let pages = try await ParquetFile(
      source: ParquetBytes(Corpus.bytes("data/alltypes_tiny_pages.parquet")))
    var scan = pages.batches(columns: ["id"], where: .compare("id", .less, 100)).makeAsyncIterator()
    while try await scan.next() != nil {}
    #expect(scan.summary.rowsPassed == 100)
    #expect(scan.summary.pagesExcluded > 300 && scan.summary.rowsCompared < 200)
  }
}
