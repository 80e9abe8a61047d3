import Foundation
import Testing
import TokyoDataParquet

/// Tables that a seed decides.
///
/// `TOKYO_PROPERTY_SEED` is the first seed, and `TOKYO_PROPERTY_COUNT` says how many there are. A failure names
/// its seed.
@Suite("Random tables")
struct PropertyTests {
  static let seeds: [UInt64] = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["TOKYO_PROPERTY_SEED"].flatMap(UInt64.init) ?? 1
    let count = environment["TOKYO_PROPERTY_COUNT"].flatMap(UInt64.init) ?? 60
    return (0..<count).map { first &+ $0 }
  }()

  @Test("what is written is read back equal, in any portions", arguments: seeds)
  func isReadBack(seed: UInt64) async throws {
    let table = try RandomTable(seed: seed)
    let bytes = try await written([table.batch], options: table.options).bytes
    var random = RandomNumbers(seed: seed)
    var options = ParquetReaderOptions()
    options.parallelism = 1 + random.below(3)
    let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
    #expect(file.schema == table.schema, "seed \(seed)")
    let rows = random.size(upTo: 2000)
    let found = try await readBack(bytes, rows: rows, options: options)
    #expect(found.rowCount == table.batch.rowCount, "seed \(seed)")
    for (field, (mine, expected)) in zip(table.schema.fields, zip(found.columns, table.batch.columns)) {
      #expect(mine == expected, "seed \(seed), column \(field.name) of type \(field.type)")
    }
  }

  @Test("the bytes do not depend on how rows are cut into batches, nor on parallelism", arguments: seeds)
  func isDeterministic(seed: UInt64) async throws {
    let table = try RandomTable(seed: seed)
    let bytes = try await written([table.batch], options: table.options).bytes
    var options = table.options
    options.parallelism = 3
    let again = try await written(table.cuts(seed: seed), schema: table.schema, options: options).bytes
    #expect(again == bytes, "seed \(seed)")
  }
}
