import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Nested columns out of levels")
struct NestedAssemblyTests {
  typealias Made = HandMadeFile

  /// A nullable list of nullable 32-bit integers, as the format wants lists to be.
  static let list = [
    Made.element("c", .optional, nil, .list, children: 1), Made.element("list", .repeated, children: 1),
    Made.element("element", .optional, .int32),
  ]

  static func listFile(
    _ repetition: [UInt8], _ definition: [UInt8], rows: Int, values: [Int32]
  ) -> HandMadeFile {
    let levels = [Made.levels(repetition, maximum: 1), Made.levels(definition, maximum: 3)]
    let page = Made.page(definition.count, levels: levels, Made.littleEndian(values))
    return HandMadeFile(
      list, roots: 1, rowCount: rows,
      [
        Made.Chunk(type: .int32, path: ["c", "list", "element"], valueCount: definition.count, pages: page)
      ])
  }

  @Test("lists that are null, empty, of nulls and of values", arguments: [1, 2, 100])
  func assemblesLists(rows: Int) async throws {
    // null, [], [null], [1, null, 2], [3]
    let file = Self.listFile(
      [0, 0, 0, 0, 1, 1, 0], [0, 1, 2, 3, 2, 3, 3], rows: 5, values: [1, 2, 3])
    let batch = try await file.read(rows: rows)
    #expect(
      (0..<5).map { batch.row($0)[0] } == [
        .null, .list([]), .list([.null]), .list([.int(1), .null, .int(2)]), .list([.int(3)]),
      ])
  }

  @Test("a row that goes on in the next page")
  func continuesRows() async throws {
    func page(_ repetition: [UInt8], _ values: [Int32]) -> [UInt8] {
      let definition = [UInt8](repeating: 3, count: repetition.count)
      let levels = [Made.levels(repetition, maximum: 1), Made.levels(definition, maximum: 3)]
      return Made.page(repetition.count, levels: levels, Made.littleEndian(values))
    }
    let pages = page([0, 1], [1, 2]) + page([1, 1, 0], [3, 4, 5]) + page([1], [6]) + page([0], [7])
    let file = HandMadeFile(
      Self.list, roots: 1, rowCount: 3,
      [Made.Chunk(type: .int32, path: ["c", "list", "element"], valueCount: 7, pages: pages)])
    for rows in [1, 2, 3] {
      let batch = try await file.read(rows: rows)
      #expect(
        (0..<3).map { batch.row($0)[0] } == [
          .list([.int(1), .int(2), .int(3), .int(4)]), .list([.int(5), .int(6)]), .list([.int(7)]),
        ])
    }
  }

  @Test("lists of lists")
  func assemblesListsOfLists() async throws {
    let schema = [
      Made.element("c", .required, nil, .list, children: 1), Made.element("list", .repeated, children: 1),
      Made.element("element", .optional, nil, .list, children: 1),
      Made.element("list", .repeated, children: 1), Made.element("element", .required, .int32),
    ]
    // [], [null, []], [[1, 2], [3]], [[4]]
    let levels = [
      Made.levels([0, 0, 1, 0, 2, 1, 0], maximum: 2), Made.levels([0, 1, 2, 3, 3, 3, 3], maximum: 3),
    ]
    let page = Made.page(7, levels: levels, Made.littleEndian([1, 2, 3, 4] as [Int32]))
    let path = ["c", "list", "element", "list", "element"]
    let file = HandMadeFile(
      schema, roots: 1, rowCount: 4, [Made.Chunk(type: .int32, path: path, valueCount: 7, pages: page)])
    let batch = try await file.read()
    #expect(
      (0..<4).map { batch.row($0)[0] } == [
        .list([]), .list([.null, .list([])]), .list([.list([.int(1), .int(2)]), .list([.int(3)])]),
        .list([.list([.int(4)])]),
      ])
  }

  /// A nullable structure of a nullable and a required integer.
  static func structureFile(_ first: [UInt8], _ second: [UInt8]) -> HandMadeFile {
    let schema = [
      Made.element("s", .optional, children: 2), Made.element("a", .optional, .int32),
      Made.element("b", .required, .int32),
    ]
    func chunk(_ name: String, _ levels: [UInt8], maximum: UInt8) -> Made.Chunk {
      let values = (0..<levels.count(where: { $0 == maximum })).map { Int32($0) }
      let page = Made.page(
        levels.count, levels: [Made.levels(levels, maximum: Int(maximum))], Made.littleEndian(values))
      return Made.Chunk(type: .int32, path: ["s", name], valueCount: levels.count, pages: page)
    }
    return HandMadeFile(
      schema, roots: 1, rowCount: first.count,
      [chunk("a", first, maximum: 2), chunk("b", second, maximum: 1)])
  }

  @Test("structures that are null, and their fields")
  func assemblesStructures() async throws {
    let batch = try await Self.structureFile([0, 1, 2], [0, 1, 1]).read()
    #expect(
      (0..<3).map { batch.row($0)[0] } == [
        .null, .structure([.null, .int(0)]), .structure([.int(0), .int(1)]),
      ])
  }

  @Test("fields that disagree whether their structure is there")
  func refusesDisagreement() async throws {
    let error = await #expect(throws: ParquetError.self) {
      try await Self.structureFile([0, 1, 2], [1, 0, 1]).read()
    }
    #expect(error?.code == .corrupted && error?.column == "s" && error?.rowGroup == 0)
  }

  /// A map from nullable texts, which the format forbids and writers make, to required integers.
  static func mapFile(keys: [UInt8], values: [UInt8]) -> HandMadeFile {
    let schema = [
      Made.element("m", .required, nil, .map, children: 1),
      Made.element("key_value", .repeated, children: 2),
      Made.element("key", .optional, .int32), Made.element("value", .required, .int32),
    ]
    func chunk(_ name: String, _ repetition: [UInt8], _ definition: [UInt8], _ maximum: Int) -> Made.Chunk {
      let levels = [Made.levels(repetition, maximum: 1), Made.levels(definition, maximum: maximum)]
      let count = definition.count(where: { Int($0) == maximum })
      let page = Made.page(
        definition.count, levels: levels, Made.littleEndian((0..<count).map { Int32($0) }))
      return Made.Chunk(
        type: .int32, path: ["m", "key_value", name], valueCount: definition.count, pages: page)
    }
    let (first, second) = (keys, values)
    return HandMadeFile(
      schema, roots: 1, rowCount: 2,
      [chunk("key", [0, 0, 1], first, 2), chunk("value", second, [0, 1, 1], 1)])
  }

  @Test("maps of nullable keys are read, unless a key is null")
  func assemblesMaps() async throws {
    let batch = try await Self.mapFile(keys: [0, 2, 2], values: [0, 0, 1]).read()
    #expect(
      (0..<2).map { batch.row($0)[0] } == [
        .map([]),
        .map([ColumnMapEntry(.int(0), .int(0)), ColumnMapEntry(.int(1), .int(1))]),
      ])
    let error = await #expect(throws: ParquetError.self) {
      try await Self.mapFile(keys: [0, 2, 1], values: [0, 0, 1]).read()
    }
    #expect(error?.code == .valueOutOfRange && error?.column == "m")
  }

  @Test("levels that begin within a row, or have more or fewer rows than the row group")
  func refusesImpossibleRows() async throws {
    for (repetition, rows) in [([1, 0], 1), ([0, 0], 1), ([0, 1], 2), ([0, 0], 3)] as [([UInt8], Int)] {
      let file = Self.listFile(repetition, [3, 3], rows: rows, values: [1, 2])
      for portion in [1, 100] {
        let error = await #expect(throws: ParquetError.self) { try await file.read(rows: portion) }
        #expect(error?.code == .corrupted, "\(repetition), \(rows) rows")
      }
    }
  }

  @Test("a level above its maximum")
  func refusesImpossibleLevels() async throws {
    let schema = [Made.element("l", .repeated, .int32)]
    let levels = [Made.levels([0, 1], maximum: 1), [UInt8(4), 3]]
    let page = Made.page(2, levels: levels, Made.littleEndian([1, 2] as [Int32]))
    let file = HandMadeFile(
      schema, rowCount: 1, [Made.Chunk(type: .int32, path: ["l"], valueCount: 2, pages: page)])
    let error = await #expect(throws: ParquetError.self) { try await file.read() }
    #expect(error?.code == .corrupted)
  }

  @Test("repeated without an annotation: lists that are never null")
  func assemblesBareLists() async throws {
    let levels = [Made.levels([0, 0, 1], maximum: 1), Made.levels([0, 1, 1], maximum: 1)]
    let page = Made.page(3, levels: levels, Made.littleEndian([8, 9] as [Int32]))
    let file = HandMadeFile(
      [Made.element("l", .repeated, .int32)], rowCount: 2,
      [Made.Chunk(type: .int32, path: ["l"], valueCount: 3, pages: page)])
    let batch = try await file.read()
    #expect(batch.row(0)[0] == .list([]))
    #expect(batch.row(1)[0] == .list([.int(8), .int(9)]))
    #expect(batch.schema.fields[0].isNullable == false)
  }

  @Test("nested columns of as many rows as words of bits have", arguments: [63, 64, 65, 128, 640])
  func readsWholeWords(rows: Int) async throws {
    for type in [
      ColumnType.list(of: .int32), .structure([ColumnField("a", .int32), ColumnField("b", .string)]),
      .map(.string, to: .list(of: .bool)),
    ] {
      for nulls in TestColumns.Nulls.allCases {
        let batch = try TestColumns.batch(type, rows, nulls)
        let bytes = try await written([batch]).bytes
        #expect(try await readBack(bytes) == batch)
        #expect(try await readBack(bytes, rows: 64) == batch)
      }
    }
  }
}
