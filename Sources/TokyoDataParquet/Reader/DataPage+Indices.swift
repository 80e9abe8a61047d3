extension DataPage {
  /// Reads indices into a dictionary, in portions; `body` gets each with the position of its first.
  mutating func readIndices(
    _ count: Int, _ body: (_ start: Int, UnsafeBufferPointer<UInt32>) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    if integers == nil {
      guard valuePosition < self.body.count else { throw .corrupted("indices end early") }
      let width = Int(self.body[valuePosition])
      integers = try HybridDecoder(width: width, range: valuePosition + 1..<self.body.count)
    }
    guard var decoder = integers.take() else { throw .corrupted("indices end early") }
    let bytes = self.body
    var failure: ParquetError?
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: min(count, 4096)) { scratch in
      guard let base = scratch.baseAddress else { return }
      do throws(ParquetError) {
        for start in stride(from: 0, to: count, by: 4096) {
          let taken = min(4096, count - start)
          try bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
            try decoder.decode(taken, of: bytes, into: base)
          }
          try body(start, UnsafeBufferPointer(start: base, count: taken))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    integers = decoder
  }
}
