import Foundation
import Testing
import TokyoDataCore

@Suite("The row hash")
struct RowHashTests {
  struct Vector: Decodable, CustomTestStringConvertible {
    var name: String
    var types: [ColumnType]
    var rows: [[String?]]
    var hash: RowHash
    var testDescription: String { name }
  }

  /// The file that `test_row_hash_vectors.py` recomputes with an implementation of its own.
  static func vectors() throws -> [Vector] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "InteropTests/row_hash_vectors.json"))
    return try JSONDecoder().decode([Vector].self, from: data)
  }

  private static func batch(_ vector: Vector) throws -> ColumnBatch {
    let fields = vector.types.enumerated().map { ColumnField("c\($0)", $1) }
    var builder = ColumnBatchBuilder(try ColumnSchema(fields))
    for row in vector.rows {
      try builder.append(
        row: zip(vector.types, row).map { type, text in
          try text.map { try type.value(from: $0) } ?? .null
        })
    }
    return try builder.finish()
  }

  @Test("every published vector comes out", arguments: try vectors())
  func published(vector: Vector) throws {
    var hash = RowHash()
    hash.add(try Self.batch(vector))
    #expect(hash == vector.hash)
  }

  @Test("the hash of rows in parts is the sum of their hashes")
  func union() throws {
    let vector = try #require(Self.vectors().first { $0.name == "three rows" })
    let batch = try Self.batch(vector)
    var sum = RowHash()
    for row in 0..<3 {
      var builder = ColumnBatchBuilder(batch.schema)
      try builder.append(row: row, of: batch)
      var part = RowHash()
      part.add(try builder.finish())
      sum.add(part)
    }
    #expect(sum == vector.hash)
  }

  @Test("every NaN hashes alike, and the two zeros do not")
  func floats() throws {
    func hash(_ value: Double) throws -> RowHash {
      var builder = ColumnBatchBuilder(try ColumnSchema([ColumnField("d", .double)]))
      try builder.append(row: [.double(value)])
      var hash = RowHash()
      hash.add(try builder.finish())
      return hash
    }
    #expect(try hash(.nan) == hash(-Double.nan))
    #expect(try hash(Double(nan: 5, signaling: false)) == hash(.nan))
    #expect(try hash(-0.0) != hash(0))
  }

  @Test("the text of a hash reads back, and nothing else does")
  func text() throws {
    let hash = try #require(Self.vectors().last?.hash)
    #expect(RowHash(hash.description) == hash)
    #expect(RowHash().description == "v1:00000000000000000000000000000000:0")
    for wrong in [
      "", "v1", "v2:00000000000000000000000000000000:0", "v1:0:0",
      "v1:00000000000000000000000000000000:-1", "v1:0000000000000000000000000000000g:1",
      "v1:00000000000000000000000000000000:1:", "v1:+0000000000000000000000000000000:1",
    ] {
      #expect(RowHash(wrong) == nil, "\(wrong)")
    }
  }
}
