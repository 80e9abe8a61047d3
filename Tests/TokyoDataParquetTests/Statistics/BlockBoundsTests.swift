import Testing

@testable import TokyoDataParquet

@Suite("Bounds by blocks")
struct BlockBoundsTests {
  @Test("any range has the bounds that a look at all its values finds, however the values came")
  func boundsRanges() {
    var random = RandomNumbers(seed: 7)
    for count in [1, 1023, 1024, 1025, 5000] {
      let values = (0..<count).map { _ in
        UInt64(bitPattern: Int64(random.below(1 << 40)) - 1 << 39)
      }
      values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        var blocks = BlockBounds<UInt64>()
        var known = 0
        while known < count {
          known = min(count, known + random.size(upTo: 1500))
          blocks.extend(base, to: known)
        }
        for _ in 0..<100 {
          let start = random.below(count)
          let range = start..<start + 1 + random.below(count - start)
          let signed = values[range].map { Int64(bitPattern: $0) }
          let (least, greatest) = blocks.bounds(range, of: values)
          #expect(Int64(bitPattern: least) == signed.min())
          #expect(Int64(bitPattern: greatest) == signed.max())
        }
      }
    }
  }
}
