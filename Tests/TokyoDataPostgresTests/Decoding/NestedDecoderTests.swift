import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

/// Values of nested types, and the bytes that PostgreSQL sends for them.
struct NestedWire: Sendable, CustomTestStringConvertible {
  var type: PostgresType
  var column: ColumnType
  var value: ColumnValue
  var bytes: [UInt8]

  var testDescription: String { "\(column) \(value)" }

  private static func word(_ value: Int32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian, Array.init)
  }

  private static func join(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined()) }

  /// A length, then the bytes.
  private static func field(_ bytes: [UInt8]) -> [UInt8] { word(Int32(bytes.count)) + bytes }

  private static func text(_ text: String) -> [UInt8] { word(Int32(text.utf8.count)) + text.utf8 }

  /// One dimension, from 1.
  private static func array(_ element: Int32, _ fields: [[UInt8]]) -> [UInt8] {
    join([word(1), word(0), word(element), word(Int32(fields.count)), word(1)] + fields)
  }

  private static let null = word(-1)
  /// The oid of a type of the user's.
  private static let own = PostgresType(oid: 16_400)

  static let all: [NestedWire] = [
    NestedWire(
      type: PostgresType(oid: 1007), column: .list(of: .int32), value: .list([1, .null, -1]),
      bytes: array(23, [field(word(1)), null, field(word(-1))])),
    NestedWire(
      type: PostgresType(oid: 1007), column: .list(of: .int64, isNullable: false), value: .list([7]),
      bytes: array(23, [field(word(7))])),
    NestedWire(
      type: .textArray, column: .list(of: .string), value: .list(["", "🗼,\"{}"]),
      bytes: array(25, [text(""), text("🗼,\"{}")])),
    NestedWire(
      type: .textArray, column: .list(of: .string), value: .list([]),
      bytes: join([word(0), word(0), word(25)])),
    NestedWire(
      type: PostgresType(oid: 1231), column: .list(of: .decimal(4, 1)),
      value: .list([.decimal(Decimal128(5))]),
      bytes: array(1700, [field([0, 1, 0, 0, 0, 0, 0, 0, 0, 5])])),
    NestedWire(
      type: own,
      column: .structure([
        ColumnField("n", .int32), ColumnField("t", .string), ColumnField("l", .list(of: .bool)),
      ]),
      value: .structure([3, .null, .list([true])]),
      bytes: join([
        word(3), word(23), field(word(3)), word(25), null, word(1000), field(array(16, [field([1])])),
      ])),
    NestedWire(
      type: own, column: .map(.string, to: .string),
      value: .map([ColumnMapEntry("a", "1"), ColumnMapEntry("ü", .null)]),
      bytes: join([word(2), text("a"), text("1"), text("ü"), null])),
    NestedWire(type: own, column: .map(.string, to: .string), value: .map([]), bytes: word(0)),
  ]
}

@Suite("A nested value in binary")
struct NestedDecoderTests {
  private func decode(
    _ bytes: [UInt8], from type: PostgresType, to column: ColumnType, infinities: InfinityPolicy = .refuse
  ) throws -> ColumnValue {
    var decoders = FieldDecoders()
    let isPossible = decoders.append(from: type, to: column, infinities: infinities)
    try #require(isPossible)
    var builder = ColumnBuilder(column)
    try bytes.withUnsafeBytes { try decoders.decode($0, at: 0, into: &builder) }
    return builder.finish()[0]
  }

  @Test("becomes a list, structure or map", arguments: NestedWire.all)
  func values(wire: NestedWire) throws {
    #expect(try decode(wire.bytes, from: wire.type, to: wire.column) == wire.value)
  }

  @Test("cut anywhere, or longer than it says, is an error", arguments: NestedWire.all)
  func cut(wire: NestedWire) {
    for length in wire.bytes.indices {
      #expect(throws: PostgresError.self, "\(length)") {
        try decode(Array(wire.bytes[..<length]), from: wire.type, to: wire.column)
      }
    }
    #expect(throws: PostgresError.self) { try decode(wire.bytes + [0], from: wire.type, to: wire.column) }
  }

  @Test("changed anywhere is a value or an error, never a trap", arguments: NestedWire.all)
  func changed(wire: NestedWire) {
    var errors = 0
    for index in wire.bytes.indices {
      for byte in [0, 1, 2, 0x7F, 0x80, 0xC0, 0xFE, 0xFF] as [UInt8] {
        var bytes = wire.bytes
        bytes[index] = byte
        do { _ = try decode(bytes, from: wire.type, to: wire.column) } catch {
          errors += 1
          #expect(error is PostgresError)
        }
      }
    }
    #expect(errors > wire.bytes.count)
  }

  @Test("of several dimensions, or of other elements than described, is no list")
  func otherArrays() {
    var bytes = NestedWire.all[0].bytes
    bytes[3] = 2
    let dimensions = #expect(throws: PostgresError.self) {
      try decode(bytes, from: PostgresType(oid: 1007), to: .list(of: .int32))
    }
    #expect(dimensions?.code == .valueNotRepresentable)
    // Of `oid`, whose values have the same width.
    var oids = NestedWire.all[0].bytes
    oids[11] = 26
    let elements = #expect(throws: PostgresError.self) {
      try decode(oids, from: PostgresType(oid: 1007), to: .list(of: .int32))
    }
    #expect(elements?.code == .protocolViolation)
  }

  @Test("with a null where its type has none is an error, also where a policy made the null")
  func nulls() throws {
    let int4s = PostgresType(oid: 1007)
    #expect(throws: PostgresError.self) {
      try decode(NestedWire.all[0].bytes, from: int4s, to: .list(of: .int32, isNullable: false))
    }
    #expect(throws: PostgresError.self) {
      let map = NestedWire.all[6]
      return try decode(map.bytes, from: map.type, to: .map(.string, to: .string, isNullable: false))
    }
    let infinite: [UInt8] =
      [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 0x3A, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4] + [0x7F, 0xFF, 0xFF, 0xFF]
    let dates = PostgresType(oid: 1182)
    #expect(
      try decode(infinite, from: dates, to: .list(of: .date), infinities: .null) == .list([.null]))
    #expect(throws: PostgresError.self) {
      try decode(infinite, from: dates, to: .list(of: .date, isNullable: false), infinities: .null)
    }
  }

  @Test("has no way into a column of another kind")
  func mismatches() {
    var decoders = FieldDecoders()
    for (type, column) in [
      (.int4, .list(of: .int32)), (.textArray, .list(of: .int32)), (.int8Array, .list(of: .list(of: .int64))),
      (.text, .map(.string, to: .string)), (.int8, .structure([ColumnField("a", .int64)])),
      (PostgresType(oid: 16_400), .map(.int64, to: .string)),
    ] as [(PostgresType, ColumnType)] {
      let isPossible = decoders.append(from: type, to: column, infinities: .refuse)
      #expect(!isPossible)
    }
    #expect(decoders.count == 0)
  }
}
