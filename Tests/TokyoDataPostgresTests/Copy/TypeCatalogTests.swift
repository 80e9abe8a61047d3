import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A catalog of types")
struct TypeCatalogTests {
  private func type(_ oid: UInt32) -> PostgresType { PostgresType(oid: oid) }

  /// Each row: oid, the function that sends it, element, base, fields.
  private func rows(_ rows: [[ColumnValue]]) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(
      try ColumnSchema([
        ColumnField("oid", .int64), ColumnField("send", .string), ColumnField("element", .int64),
        ColumnField("base", .int64), ColumnField("fields", .list(of: .int64)),
      ]))
    for row in rows { try builder.append(row: row) }
    return try builder.finish()
  }

  @Test("asks for what lies within types until all is known")
  func levels() throws {
    var catalog = TypeCatalog()
    let all = [type(20_000), .int4, type(20_001)]
    #expect(Set(catalog.missing(of: all)) == [type(20_000), type(20_001)])
    catalog.add(
      try rows([
        [20_000, "record_send", 0, 0, .list([23, 20_002, 1007])],
        [20_001, "array_send", 20_003, 0, .list([])],
      ]), asked: [type(20_000), type(20_001)])
    #expect(Set(catalog.missing(of: all)) == [type(20_002), type(20_003)])
    catalog.add(
      try rows([[20_002, "int4send", 0, 23, .list([])], [20_003, "enum_send", 0, 0, .list([])]]),
      asked: [type(20_002), type(20_003)])
    #expect(catalog.missing(of: all).isEmpty)
    #expect(catalog.wireType(.int4) == WireType(type: .int4, form: .builtIn(.int4)))
    #expect(
      catalog.wireType(type(20_001)).form == .array(element: WireType(type: type(20_003), form: .text)))
    // A domain keeps its own oid, with the form of what lies below it.
    let fields = [
      WireType(type: .int4, form: .builtIn(.int4)), WireType(type: type(20_002), form: .builtIn(.int4)),
      try #require(WireType(type(1007))),
    ]
    #expect(catalog.wireType(type(20_000)).form == .record(fields))
  }

  @Test("leaves unknown what the server does not know or nests without end")
  func hostile() throws {
    var catalog = TypeCatalog()
    #expect(catalog.missing(of: [type(30_000)]) == [type(30_000)])
    catalog.add(try rows([]), asked: [type(30_000)])
    #expect(catalog.missing(of: [type(30_000)]).isEmpty)
    #expect(catalog.wireType(type(30_000)).form == .unknown)
    catalog.add(
      try rows([
        [30_001, "array_send", 30_001, 0, .list([])], [30_002, "record_send", 0, 30_002, .list([])],
        [30_003, "interval_send", 0, 0, .list([])], [-1, "array_send", 0, 0, .null],
      ]), asked: [type(30_001), type(30_002), type(30_003)])
    #expect(catalog.missing(of: [type(30_001), type(30_002)]).isEmpty)
    #expect(throws: PostgresError.self) {
      try FieldEncoder(ColumnField("x", .list(of: .string)), to: catalog.wireType(type(30_001)))
    }
    #expect(catalog.wireType(type(30_002)).form == .unknown)
    #expect(catalog.wireType(type(30_003)).form == .unknown)
  }
}
