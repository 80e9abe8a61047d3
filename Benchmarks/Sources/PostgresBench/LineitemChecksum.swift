internal import BenchSupport
internal import TokyoDataPostgres

/// What bench/postgres/lineitem.py has the server compute, computed from column batches.
///
/// Of each column, the sum over its rows of a number times the row's weight, which its key makes: values in
/// other rows make another sum. The number is a date's days since 1970, a decimal's hundredths, or of a text
/// its length times 256 plus one of its bytes, which one the weight says.
struct LineitemChecksum {
  private var rows = 0
  private var sums: [Int128] = []

  var summary: String { ([rows.description] + sums.map(\.description)).joined(separator: " ") }

  mutating func add(_ batch: ColumnBatch) throws {
    rows += batch.rowCount
    if sums.isEmpty { sums = batch.columns.map { _ in 0 } }
    let weights = try Self.weights(batch)
    for (index, column) in batch.columns.enumerated() {
      guard column.nullCount == 0 else { throw BenchError("column \(index) has nulls") }
      sums[index] += try Self.sum(column, weights)
    }
  }

  private static func weights(_ batch: ColumnBatch) throws -> [Int] {
    try batch.columns[0].withValues(as: Int32.self) { orders, _ in
      try batch.columns[3].withValues(as: Int32.self) { lines, _ in
        (0..<batch.rowCount).map { (Int(orders[$0]) * 7 + Int(lines[$0])) % 1_000_003 }
      }
    }
  }

  private static func sum(_ column: ColumnVector, _ weights: [Int]) throws -> Int128 {
    switch column.type {
    case .int32, .date:
      try column.withValues(as: Int32.self) { values, _ in sum(weights) { Int(values[$0]) } }
    case .decimal:
      try column.withValues(as: Int128.self) { values, _ in
        sum(weights) { Int(truncatingIfNeeded: values[$0]) }
      }
    case .string:
      try column.withByteStrings { offsets, bytes, _ in
        sum(weights) { row in
          let length = Int(offsets[row + 1] - offsets[row])
          let byte = length == 0 ? 0 : Int(bytes[Int(offsets[row]) + weights[row] % length])
          return length * 256 + byte
        }
      }
    default: throw BenchError("no checksum of columns of type \(column.type)")
    }
  }

  private static func sum(_ weights: [Int], _ number: (Int) -> Int) -> Int128 {
    var sum: Int128 = 0
    for row in weights.indices { sum += Int128(weights[row] * number(row)) }
    return sum
  }
}
