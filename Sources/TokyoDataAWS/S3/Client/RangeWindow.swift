/// Reads a range in smaller ones, several at once, and hands on what they bring in order.
struct RangeWindow: Sendable {
  private let ranges: [Range<Int>]
  private let width: Int

  init(_ whole: Range<Int>, size: Int, width: Int) {
    ranges = stride(from: whole.lowerBound, to: whole.upperBound, by: size).map {
      $0..<min($0 + size, whole.upperBound)
    }
    self.width = width
  }

  /// Runs `read` for each range, at most `width` ahead of what was consumed.
  ///
  /// When something throws the others are cancelled and awaited.
  func run(
    read: @escaping @Sendable (Range<Int>) async throws -> [[UInt8]],
    consume: ([UInt8]) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (index: Int, pieces: [[UInt8]]).self) { group in
      var arrived: [Int: [[UInt8]]] = [:]
      var started = 0
      var due = 0
      while due < ranges.count {
        while started < min(ranges.count, due + width) {
          let (index, range) = (started, ranges[started])
          group.addTask { (index, try await read(range)) }
          started += 1
        }
        if let pieces = arrived.removeValue(forKey: due) {
          due += 1
          for piece in pieces { try await consume(piece) }
        } else if let next = try await group.next() {
          arrived[next.index] = next.pieces
        }
      }
    }
  }
}
