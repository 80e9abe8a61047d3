import Synchronization
import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Some rows of a row group")
struct RowRangesTests {
  @Test("ranges are put in order and joined")
  func joinsRanges() {
    #expect(RowRanges([5..<9, 0..<2, 2..<3, 8..<10, 4..<4]).ranges == [0..<3, 5..<10])
    #expect(RowRanges([5..<9]).count == 4)
    #expect(RowRanges(all: 0).isEmpty)
  }

  @Test("overlaps, intersections and unions")
  func combines() {
    let rows = RowRanges([2..<4, 8..<10])
    #expect([0..<2, 4..<8, 10..<20].allSatisfy { !rows.overlaps($0) })
    #expect([0..<3, 3..<4, 9..<20, 0..<100].allSatisfy { rows.overlaps($0) })
    #expect(rows.intersection(RowRanges([3..<9])).ranges == [3..<4, 8..<9])
    #expect(rows.intersection(RowRanges([4..<8])).isEmpty)
    #expect(rows.union(RowRanges([4..<8])).ranges == [2..<10])
  }

  @Test("the first rows are taken away")
  func takesFirst() {
    var rows = RowRanges([2..<4, 8..<10])
    #expect(rows.takeFirst(3) == [2..<4, 8..<9])
    #expect(rows.ranges == [9..<10])
    #expect(rows.takeFirst(.max) == [9..<10])
    #expect(rows.takeFirst(1) == [])
  }

  @Test("rows are counted up to one, and small gaps between them closed")
  func closesGaps() {
    let rows = RowRanges([2..<4, 8..<10, 11..<12])
    #expect([0, 2, 3, 4, 8, 9, 10, 100].map { rows.count(before: $0) } == [0, 0, 1, 2, 2, 3, 4, 5])
    #expect(rows.closingGaps(upTo: 0) == rows)
    #expect(rows.closingGaps(upTo: 3).ranges == [2..<4, 8..<12])
    #expect(rows.closingGaps(upTo: 4).ranges == [2..<12])
    #expect(RowRanges([]).closingGaps(upTo: 4).isEmpty)
  }

  /// Counts what is read of a file.
  final class CountingSource: ParquetSource {
    let bytes: ParquetBytes
    let reads = Mutex<[Range<Int>]>([])

    init(_ bytes: [UInt8]) { self.bytes = ParquetBytes(bytes) }

    var byteCount: Int { bytes.byteCount }

    func read(_ range: Range<Int>) throws -> [UInt8] {
      reads.withLock { $0.append(range) }
      return try bytes.read(range)
    }
  }

  static let types: [ColumnType] = [
    .int64, .string, .bool, .decimal(precision: 20, scale: 2), .list(of: .int32), .map(.string, to: .int64),
    .structure([ColumnField("a", .int32), ColumnField("b", .list(of: .string))]),
  ]

  static func file(_ type: ColumnType, distinct: Int = .max) async throws -> (ColumnBatch, [UInt8]) {
    var options = ParquetWriterOptions()
    options.pageRows = 50
    let batch = try TestColumns.batch(type, 1000, .some, distinct: distinct)
    return (batch, try await written([batch], options: options).bytes)
  }

  @Test("any rows are those of the whole, with an offset index and without", arguments: types)
  func readsRows(type: ColumnType) async throws {
    for distinct in [13, Int.max] {
      let (batch, bytes) = try await Self.file(type, distinct: distinct)
      let file = try await ParquetFile(source: ParquetBytes(bytes))
      #expect(file.rowGroups[0].columns[0].offsetIndexRange != nil)
      let sets: [[Range<Int>]] = [
        [0..<1], [999..<1000], [49..<51], [50..<100], [0..<1000], [3..<4, 5..<6, 300..<777, 998..<1000], [],
        stride(from: 0, to: 1000, by: 7).map { $0..<$0 + 1 },
      ]
      for ranges in sets {
        let rows = RowRanges(ranges)
        let expected = rows.ranges.flatMap { $0.map { batch.row($0) } }
        for usesIndex in [true, false] {
          let source = usesIndex ? file : file.withoutIndexes()
          let read = try await source.read(rowGroup: 0, rows: rows)
          #expect((0..<read.rowCount).map { read.row($0) } == expected, "\(ranges), \(usesIndex)")
        }
      }
    }
  }

  @Test("rows come in batches of the size asked for")
  func readsBatches() async throws {
    let (batch, bytes) = try await Self.file(.list(of: .int32))
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let rows = RowRanges([10..<20, 400..<530])
    var reader = try await RowGroupReader(file, rowGroup: 0, columns: file.columns, rows: rows)
    var read: [[ColumnValue]] = []
    var sizes: [Int] = []
    while let part = try await reader.next(rows: 33) {
      sizes.append(part.rowCount)
      read += (0..<part.rowCount).map { part.row($0) }
    }
    #expect(sizes == [33, 33, 33, 33, 8])
    #expect(read == rows.ranges.flatMap { $0.map { batch.row($0) } })
  }

  @Test("pages without any of the rows are not fetched")
  func fetchesFewPages() async throws {
    let (_, bytes) = try await Self.file(.int64)
    let source = CountingSource(bytes)
    var options = ParquetReaderOptions()
    options.coalescingBytes = 0
    let file = try await ParquetFile(source: source, options: options)
    let chunk = file.rowGroups[0].columns[0]
    source.reads.withLock { $0.removeAll() }
    _ = try await file.read(rowGroup: 0, rows: RowRanges([120..<130, 910..<920]))
    let fetched = source.reads.withLock { $0 }.filter { chunk.byteRange.contains($0.lowerBound) }
    let total = fetched.reduce(0) { $0 + $1.count }
    #expect(total > 0 && total < chunk.encodedBytes / 5)
  }

  @Test("rows beyond the row group's end are refused")
  func refusesRowsBeyond() async throws {
    let (_, bytes) = try await Self.file(.int64)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let error = await #expect(throws: ParquetError.self) {
      try await file.read(rowGroup: 0, rows: RowRanges([990..<1001]))
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test("an offset index of other rows than its pages have is found out", arguments: types)
  func refusesForgedIndexes(type: ColumnType) async throws {
    let (_, bytes) = try await Self.file(type)
    let file = try await ParquetFile(source: ParquetBytes(bytes))
    let range = try #require(file.rowGroups[0].columns[0].offsetIndexRange)
    var index = try ParquetOffsetIndex(Array(bytes[range]))
    for page in index.pages.indices.dropFirst() { index.pages[page].firstRow -= 1 }
    let forged = index.encoded()
    try #require(forged.count == range.count)
    var changed = bytes
    changed.replaceSubrange(range, with: forged)
    let forgedFile = try await ParquetFile(source: ParquetBytes(changed))
    let error = await #expect(throws: ParquetError.self) {
      try await forgedFile.read(rowGroup: 0, rows: RowRanges([40..<160]))
    }
    #expect(error?.code == .corrupted)
  }
}

extension ParquetFile {
  /// The file as if it had no page indexes.
  func withoutIndexes() -> ParquetFile {
    var copy = self
    for group in copy.metadata.rowGroups.indices {
      for column in copy.metadata.rowGroups[group].columns.indices {
        copy.metadata.rowGroups[group].columns[column].offsetIndexRange = nil
      }
    }
    return copy
  }
}
