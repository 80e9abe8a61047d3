import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Rows taken apart into levels")
struct ShredderTests {
  static func levels(
    of type: ColumnType, isNullable: Bool = true, _ rows: [ColumnValue], cut: Int? = nil
  ) throws -> [LeafSlots] {
    let schema = try ColumnSchema([ColumnField("c", type, isNullable: isNullable)])
    let file = try FileSchema(schema, ParquetWriterOptions())
    var shredder = Shredder(file.shapes[0])
    var builder = ColumnBatchBuilder(schema, capacity: rows.count)
    for row in rows { try builder.append(row: [row]) }
    let column = try builder.finish().columns[0]
    let cut = cut ?? rows.count
    try shredder.append(column, 0..<cut)
    try shredder.append(column, cut..<rows.count)
    return shredder.leaves
  }

  @Test("lists: null, empty, of one, of more, with nulls within")
  func takesListsApart() throws {
    let rows: [ColumnValue] = [
      .null, .list([]), .list([.int(1)]), .list([.int(2), .null, .int(3)]), .list([.null]),
    ]
    for cut in 0...rows.count {
      let leaf = try Self.levels(of: .list(of: .int32), rows, cut: cut)[0]
      #expect(leaf.levels?.definition == [0, 1, 3, 3, 2, 3, 2])
      #expect(leaf.levels?.repetition == [0, 0, 0, 0, 1, 1, 0])
      #expect(leaf.rowCount == 5)
      #expect(leaf.pieces.reduce(0) { $0 + $1.slots.count } == 5)
    }
  }

  @Test("the example of Google's paper on Dremel")
  func takesDocumentsApart() throws {
    // Name: repeated group { Language: repeated group { Code: required, Country: optional }, Url: optional }
    let language = ColumnType.structure([
      ColumnField("Code", .string, isNullable: false), ColumnField("Country", .string),
    ])
    let name = ColumnType.structure([
      ColumnField("Language", .list(of: language, isNullable: false), isNullable: false),
      ColumnField("Url", .string),
    ])
    func entry(_ code: String, _ country: String?) -> ColumnValue {
      .structure([.string(code), country.map { .string($0) } ?? .null])
    }
    let rows: [ColumnValue] = [
      .list([
        .structure([.list([entry("en-us", "us"), entry("en", nil)]), .string("http://A")]),
        .structure([.list([]), .string("http://B")]),
        .structure([.list([entry("en-gb", "gb")]), .null]),
      ]),
      .list([.structure([.list([]), .string("http://C")])]),
    ]
    let leaves = try Self.levels(of: .list(of: name, isNullable: false), isNullable: false, rows)
    // The paper's levels of Name.Language.Code, Name.Language.Country and Name.Url.
    #expect(leaves[0].levels?.repetition == [0, 2, 1, 1, 0])
    #expect(leaves[0].levels?.definition == [2, 2, 1, 2, 1])
    #expect(leaves[1].levels?.repetition == [0, 2, 1, 1, 0])
    #expect(leaves[1].levels?.definition == [3, 2, 1, 3, 1])
    #expect(leaves[2].levels?.repetition == [0, 1, 1, 0])
    #expect(leaves[2].levels?.definition == [2, 2, 1, 2])
  }

  @Test("maps have a level for their entries and one for null values")
  func takesMapsApart() throws {
    let rows: [ColumnValue] = [
      .map([ColumnMapEntry(.string("a"), .int(1)), ColumnMapEntry(.string("b"), .null)]), .null, .map([]),
    ]
    let leaves = try Self.levels(of: .map(.string, to: .int64), rows)
    #expect(leaves[0].levels?.definition == [2, 2, 0, 1])
    #expect(leaves[1].levels?.definition == [3, 2, 0, 1])
    #expect(leaves[1].levels?.repetition == [0, 1, 0, 0])
  }

  @Test("a null field that its structure does not allow is refused by name")
  func refusesNulls() throws {
    let fields = [ColumnField("a", .int32, isNullable: true)]
    let schema = try ColumnSchema([ColumnField("c", .structure(fields))])
    var builder = ColumnBatchBuilder(schema, capacity: 1)
    try builder.append(row: [.structure([.null])])
    let column = try builder.finish().columns[0]
    let strict = try ColumnSchema([
      ColumnField("c", .structure([ColumnField("a", .int32, isNullable: false)]))
    ])
    var shredder = Shredder(try FileSchema(strict, ParquetWriterOptions()).shapes[0])
    let error = #expect(throws: ParquetError.self) { try shredder.append(column, 0..<1) }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message.hasSuffix(": a") == true)
  }
}
