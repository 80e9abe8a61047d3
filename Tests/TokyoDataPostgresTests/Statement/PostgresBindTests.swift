import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

private enum Mood: String, PostgresEnum {
  case sad
  case ok
}

@Suite("A bind")
struct PostgresBindTests {
  private func parameter(_ statement: PostgresStatement) throws -> EncodedParameter {
    try #require(try statement.rendered().parameters.first)
  }

  @Test("of an array has the array's type, and nulls where there is nil")
  func arrays() throws {
    let numbers: [Int32?] = [1, nil]
    let array = try parameter("\(numbers)")
    #expect(array.type.oid == 1007)
    #expect(
      array.bytes == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1]
        + [0, 0, 0, 4, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF])
    let texts: [String?] = ["a", nil]
    #expect(try parameter("\(texts)").type == .textArray)
    #expect(try parameter("\([Day]())").bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0x3A])
    let none: [Decimal128?]? = nil
    let null = try parameter("\(none)")
    #expect(null.type.oid == 1231)
    #expect(null.bytes == nil)
    #expect(try parameter("\([UInt8]([1, 2]))").type == .bytea)
    for (statement, oid) in [
      ("\([true])", 1000), ("\([Int16(1)])", 1005), ("\([Float(1)])", 1021), ("\([1.5])", 1022),
      ("\([Timestamp(microsecondsSince1970: 0)])", 1185),
      ("\([LocalTimestamp(microsecondsSince1970: 0)])", 1115),
      ("\([TimeOfDay(microsecondsSinceMidnight: 0)])", 1183),
    ] as [(PostgresStatement, UInt32)] {
      #expect(try parameter(statement).type.oid == oid)
    }
  }

  @Test("of a type that its place decides goes as text")
  func texts() throws {
    let moods: [Mood?] = [.ok, nil]
    for (statement, text) in [
      ("\(Mood.sad)", "sad"), ("\([Mood.ok])", #"{"ok"}"#), ("\(moods)", #"{"ok",NULL}"#),
      ("\(PostgresComposite("a\"b", 1, nil, [1, 2]))", #"("a\"b","1",,"{\"1\",\"2\"}")"#),
      ("\(ColumnValue.list([1, .null]))", #"{"1",NULL}"#),
      ("\(ColumnValue.structure([true, .bytes([255])]))", #"("t","\\xff")"#),
      ("\(ColumnValue.map([ColumnMapEntry("k", .null)]))", #""k"=>NULL"#),
      ("\(PostgresJSON("{}"))", "{}"),
    ] as [(PostgresStatement, String)] {
      let parameter = try parameter(statement)
      #expect(parameter.type == .inferred)
      #expect(!parameter.isBinary)
      #expect(parameter.bytes.map { String(decoding: $0, as: UTF8.self) } == text)
    }
  }

  @Test("that PostgreSQL does not have is refused, alone and within an array")
  func impossible() throws {
    let late = TimeOfDay(microsecondsSinceMidnight: 86_400_000_001)
    for statement in [
      "\(late)", "\([late])", "\(["a\0"])", "\([Day(daysSince1970: .max)])", "\(PostgresComposite("\0"))",
      "\(PostgresBind.array(of: .int4, [.int8(1)]))", "\(PostgresBind.array(of: .dateRange, []))",
    ] as [PostgresStatement] {
      #expect(throws: PostgresError.self) { try statement.rendered() }
      if case .bind(.array) = statement.segments[0] { continue }
      #expect(throws: PostgresError.self) { try statement.inlined() }
    }
  }

  @Test("carries JSON by whichever coder is handed over")
  func json() throws {
    let document = try PostgresJSON(["a": 1]) { value in Array("{\"a\": \(value["a"] ?? 0)}".utf8) }
    #expect(document.text == "{\"a\": 1}")
    let length = try document.decode(Int.self) { (_, bytes: [UInt8]) in bytes.count }
    #expect(length == 8)
    #expect(throws: PostgresError.self) { try PostgresJSON(1) { _ in [0xFF] as [UInt8] } }
  }
}
