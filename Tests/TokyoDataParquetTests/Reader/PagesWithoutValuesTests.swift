import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Pages that hold nulls only")
struct PagesWithoutValuesTests {
  typealias Made = HandMadeFile

  static let encodings: [(ParquetPhysicalType, ParquetEncoding)] = [
    (.int32, .plain), (.int32, .deltaBinaryPacked), (.int64, .deltaBinaryPacked), (.int32, .rleDictionary),
    (.double, .byteStreamSplit), (.boolean, .rle), (.byteArray, .deltaLengthByteArray),
    (.byteArray, .deltaByteArray), (.byteArray, .plainDictionary),
  ]

  @Test("need no bytes for values, in any encoding", arguments: encodings)
  func readsNulls(type: ParquetPhysicalType, encoding: ParquetEncoding) async throws {
    let pages = Made.page(9, encoding, levels: [[18, 0]], [])
    let chunk = Made.Chunk(type: type, path: ["c"], valueCount: 9, pages: pages)
    let file = HandMadeFile([Made.element("c", .optional, type)], rowCount: 9, [chunk])
    for rows in [2, 9] {
      let batch = try await file.read(rows: rows)
      #expect(batch.rowCount == 9)
      #expect(batch.columns[0].nullCount == 9)
    }
  }

  @Test("but a value that has no bytes is an error", arguments: encodings)
  func refusesMissingValues(type: ParquetPhysicalType, encoding: ParquetEncoding) async throws {
    let pages = Made.page(9, encoding, levels: [[16, 0, 2, 1]], [])
    let chunk = Made.Chunk(type: type, path: ["c"], valueCount: 9, pages: pages)
    let file = HandMadeFile([Made.element("c", .optional, type)], rowCount: 9, [chunk])
    let error = await #expect(throws: ParquetError.self) { try await file.read() }
    #expect(error?.code == .corrupted && error?.column == "c")
  }
}
