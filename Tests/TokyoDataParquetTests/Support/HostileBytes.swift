import Testing

@testable import TokyoDataParquet

/// Decodes every truncation and every change of one byte: each gives values or a `ParquetError`, never a trap.
///
/// Gives how many of them were refused.
@discardableResult
func expectErrorsOrValues(_ bytes: [UInt8], _ decode: ([UInt8]) throws -> Void) -> Int {
  var refused = 0
  func attempt(_ hostile: [UInt8]) {
    do { try decode(hostile) } catch {
      refused += 1
      #expect(error is ParquetError, "\(hostile)")
    }
  }
  for length in bytes.indices { attempt(Array(bytes[..<length])) }
  for index in bytes.indices {
    for change in UInt8(1)...255 {
      var hostile = bytes
      hostile[index] ^= change
      attempt(hostile)
    }
  }
  return refused
}

/// Sizes at which the kernels change their ways.
let telltaleSizes = [0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 130, 256, 257, 1000]

/// Portions in which the decoders are asked.
let portionSizes = [1, 3, 7, 8, 33, 100_000]

/// Splits `count` into portions.
func portions(of size: Int, _ count: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}

/// Numbers that look random and are the same in every run.
struct TestNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
