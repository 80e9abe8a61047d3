internal import Synchronization

/// A source that counts the bytes it is asked for.
struct CountedSource: ParquetSource {
  let source: any ParquetSource
  let counter: ByteCounter

  var byteCount: Int { get async throws { try await source.byteCount } }

  func read(_ range: Range<Int>) async throws -> [UInt8] {
    counter.add(range.count)
    return try await source.read(range)
  }
}

/// A number that many tasks add to.
final class ByteCounter: Sendable {
  private let bytes = Atomic(0)

  var value: Int { bytes.load(ordering: .relaxed) }

  func add(_ count: Int) { bytes.wrappingAdd(count, ordering: .relaxed) }
}
