/// The slots of a portion of a leaf whose values have one width, filled page by page.
struct SlotBuffer<Value: BitwiseCopyable & Sendable>: Sendable {
  private var values: [Value] = []
  private(set) var count = 0

  var byteCount: Int { count * MemoryLayout<Value>.stride }

  /// Begins another portion, with room for slots.
  mutating func begin(_ slots: Int) {
    values = .unfilled(slots)
    count = 0
  }

  /// Adds slots, which `body` fills at the place that it is given.
  mutating func append(
    _ slots: Int, _ body: (UnsafeMutablePointer<Value>) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    guard slots > 0 else { return }
    values.makeRoom(for: count + slots, keeping: count)
    let start = count
    var failure: ParquetError?
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(ParquetError) { try body(base + start) } catch { failure = error }
    }
    if let failure { throw failure }
    count += slots
  }

  /// The portion's slots; the buffer is empty then.
  mutating func finish() -> [Value] {
    values.cut(to: count)
    var finished: [Value] = []
    swap(&finished, &values)
    count = 0
    return finished
  }
}
