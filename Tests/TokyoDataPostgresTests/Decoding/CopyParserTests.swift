import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A binary COPY")
struct CopyParserTests {
  private static let schema = try? ColumnSchema([ColumnField("id", .int32), ColumnField("note", .string)])
  private static let row: [UInt8] = [0, 2, 0, 0, 0, 4, 0, 0, 0, 42, 0, 0, 0, 2, 0x68, 0x69]
  private static let rowOfNulls: [UInt8] = [0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]

  private func parse(_ messages: [[UInt8]]) throws -> (batch: ColumnBatch, isComplete: Bool) {
    let schema = try #require(Self.schema)
    var builder = ColumnBatchBuilder(schema)
    var parser = CopyParser(
      names: ["id", "note"], decoders: try ResultPlan.copyFields(schema, from: [.int4, .text]))
    for message in messages { try message.withUnsafeBytes { try parser.parse($0, into: &builder) } }
    return (try builder.finish(), parser.isComplete)
  }

  @Test("becomes rows, however its messages are cut between rows")
  func rows() throws {
    for messages in [
      [CopyFormat.header + Self.row, Self.rowOfNulls, CopyFormat.trailer],
      [CopyFormat.header, Self.row + Self.rowOfNulls + CopyFormat.trailer],
    ] {
      let (batch, isComplete) = try parse(messages)
      #expect(batch.rowCount == 2)
      #expect(batch.row(0) == [42, "hi"])
      #expect(batch.row(1) == [.null, .null])
      #expect(isComplete)
    }
  }

  @Test("without trailer is not complete")
  func incomplete() throws {
    #expect(try parse([CopyFormat.header + Self.row]).isComplete == false)
  }

  @Test("cut or damaged anywhere is an error, never a wrong row or a trap")
  func damage() throws {
    let whole = CopyFormat.header + Self.row
    for length in 1..<whole.count where length != CopyFormat.header.count {
      #expect(throws: PostgresError.self, "cut at \(length)") { try parse([Array(whole[..<length])]) }
    }
    var badSignature = whole
    badSignature[10] = 1
    var flags = whole
    flags[12] = 1
    var hugeExtension = whole
    hugeExtension[15] = 0x7F
    var negativeLength = whole
    negativeLength.replaceSubrange(21..<25, with: [0xFF, 0xFF, 0xFF, 0xFE])
    var hugeLength = whole
    hugeLength.replaceSubrange(29..<33, with: [0x7F, 0xFF, 0xFF, 0xFF])
    var moreFields = whole
    moreFields[20] = 3
    for bytes in [badSignature, flags, hugeExtension, negativeLength, hugeLength, moreFields] {
      #expect(throws: PostgresError.self) { try parse([bytes]) }
    }
    #expect(throws: PostgresError.self) { try parse([whole, CopyFormat.trailer, Self.row]) }
  }

  @Test("changed in any one byte is rows or an error, never a trap")
  func changes() throws {
    let whole = CopyFormat.header + Self.row + Self.rowOfNulls + CopyFormat.trailer
    var errors = 0
    for index in whole.indices {
      for byte in [0, 1, 0x7F, 0x80, 0xFE, 0xFF] as [UInt8] {
        var bytes = whole
        bytes[index] = byte
        do { _ = try parse([bytes]) } catch {
          errors += 1
          #expect(error is PostgresError)
        }
      }
    }
    #expect(errors > whole.count)
  }

  @Test("names the column of a field that does not fit, and not its value")
  func columnIsNamed() {
    let bad: [UInt8] = [0, 2, 0, 0, 0, 4, 0, 0, 0, 42, 0, 0, 0, 1, 0xFF]
    let error = #expect(throws: PostgresError.self) { try parse([CopyFormat.header + bad]) }
    #expect(error?.column == "note")
    #expect(error?.description.contains("42") == false)
  }
}
