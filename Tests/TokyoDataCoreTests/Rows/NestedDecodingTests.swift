import Testing
import TokyoDataCore

@Suite("Nested values of rows")
struct NestedDecodingTests {
  private struct Address: Decodable, Equatable {
    var street: String
    var number: UInt8?
    var days: [Day]
  }

  private struct Person: Decodable, Equatable {
    var id: Int
    var tags: [String?]
    var counts: [UInt16]
    var home: Address?
    var homes: [Address]
    var extra: [String: String?]
  }

  private static let address = ColumnType.structure([
    ColumnField("street", .string), ColumnField("number", .int16), ColumnField("days", .list(of: .date)),
  ])

  private static func batch(_ rows: [[ColumnValue]]) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(
      try ColumnSchema([
        ColumnField("id", .int64), ColumnField("tags", .list(of: .string)),
        ColumnField("counts", .list(of: .int32)), ColumnField("home", address),
        ColumnField("homes", .list(of: address)), ColumnField("extra", .map(.string, to: .string)),
      ]))
    for row in rows { try builder.append(row: row) }
    return try builder.finish()
  }

  private static let home: ColumnValue = .structure(["Rue", 7, .list([.date(Day(daysSince1970: 1))])])

  @Test("decode into arrays, types of their own and dictionaries")
  func decodes() throws {
    let people: [Person] = try Self.batch([
      [
        1, .list(["a", .null]), .list([65_535]), Self.home,
        .list([.structure(["", .null, .list([])])]),
        .map([ColumnMapEntry("k", "v"), ColumnMapEntry("n", .null)]),
      ],
      [2, .list([]), .list([]), .null, .list([]), .map([])],
    ]).decode()
    let rue = Address(street: "Rue", number: 7, days: [Day(daysSince1970: 1)])
    #expect(
      people == [
        Person(
          id: 1, tags: ["a", nil], counts: [65_535], home: rue,
          homes: [Address(street: "", number: nil, days: [])], extra: ["k": "v", "n": nil]),
        Person(id: 2, tags: [], counts: [], home: nil, homes: [], extra: [:]),
      ])
  }

  @Test(
    "that are not what the type asks for are errors that name the column and show no value",
    arguments: [
      (1, .list([.null]), "counts"), (1, .list([-1]), "counts"), (1, .null, "counts"),
      (1, .list([70_000]), "counts"),
    ] as [(Int64, ColumnValue, String)])
  func mismatches(id: Int64, counts: ColumnValue, column: String) throws {
    let batch = try Self.batch([[.int(id), .list([]), counts, Self.home, .list([]), .map([])]])
    let error = #expect(throws: TokyoDataError.self) { try batch.decode(Person.self) }
    #expect(error?.context.column == column)
    #expect(error?.description.contains("70000") == false)
    let structure = try Self.batch([
      [1, .list([]), .list([]), .structure([.null, 7, .list([])]), .list([]), .map([])]
    ])
    let inner = #expect(throws: TokyoDataError.self) { try structure.decode(Person.self) }
    #expect(inner?.context.column == "home")
  }

  @Test("with parts of other names, or of another kind, are errors")
  func missingParts() throws {
    struct Other: Decodable { var city: String }
    struct Wrong: Decodable { var home: Other }
    struct Flat: Decodable { var id: [Int] }
    struct Listed: Decodable { var home: [Int] }
    let batch = try Self.batch([[1, .list([]), .list([]), Self.home, .list([]), .map([])]])
    for decode in [
      { _ = try batch.decode(Wrong.self) }, { _ = try batch.decode(Flat.self) },
      { _ = try batch.decode(Listed.self) },
    ] {
      let error = #expect(throws: TokyoDataError.self) { try decode() }
      #expect(error?.code == .typeMismatch)
    }
  }

  @Test("are elements of tuples where they are lists")
  func tuples() throws {
    let schema = try ColumnSchema([
      ColumnField("tags", .list(of: .string)), ColumnField("counts", .list(of: .int32)),
      ColumnField("raw", .bytes),
    ])
    var builder = ColumnBatchBuilder(schema)
    try builder.append(row: [.list(["a", .null]), .list([1, -2]), .bytes([1, 255])])
    try builder.append(row: [.null, .list([]), .bytes([])])
    let batch = try builder.finish()
    let rows = try batch.decode(([String?]?, [Int], [UInt8]).self)
    #expect(rows.map(\.0) == [["a", nil], nil])
    #expect(rows.map(\.1) == [[1, -2], []])
    #expect(rows.map(\.2) == [[1, 255], []])
    #expect([Int?].columnType == .list(of: .int64))
    #expect([Day].columnType == .list(of: .date, isNullable: false))
    #expect([Decimal128].fits(.list(of: .decimal(5, 2))))
    #expect(![Int].fits(.int64) && ![UInt8].fits(.list(of: .int16)))
    #expect([Int?]([1, nil]).columnValue == .list([1, .null]))
    for wrong in [
      { _ = try batch.decode(([String]?, [Int], [UInt8]).self) },
      { _ = try batch.decode(([String?]?, [Day], [UInt8]).self) },
      { _ = try batch.decode(([String?], [Int], [UInt8]).self) },
    ] {
      let error = #expect(throws: TokyoDataError.self) { try wrong() }
      #expect(error?.code == .typeMismatch)
    }
  }
}
