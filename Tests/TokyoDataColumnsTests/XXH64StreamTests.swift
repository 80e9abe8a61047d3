import Testing
import TokyoDataColumns

@Suite("XXH64Stream")
struct XXH64StreamTests {
  @Test(
    "gives the hash of all bytes, however they are cut", arguments: [0, 1, 7, 31, 32, 33, 64, 200, 1_000])
  func equalsWhole(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131) }
    for piece in [1, 3, 31, 32, 33, 500, 2_000] {
      var stream = XXH64Stream(seed: 7)
      for start in stride(from: 0, to: count, by: piece) {
        stream.update(Array(bytes[start..<min(start + piece, count)]))
      }
      #expect(stream.finish() == XXH64.hash(bytes, seed: 7))
    }
  }
}
