import Testing

@testable import TokyoDataAWS

@Suite("PieceBuffer")
struct PieceBufferTests {
  @Test(
    "gives back what came in, in order, cut anywhere", arguments: [1, 7, 16_383, 16_384, 100_000, 300_000])
  func order(_ cut: Int) {
    var buffer = PieceBuffer()
    var written: [UInt8] = []
    for count in [1, 3, 16_383, 16_384, 0, 50_000, 2, 16_000, 16_000, 16_000, 260_000, 5] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ written.count &* 7) }
      buffer.append(bytes)
      written += bytes
    }
    #expect(buffer.count == written.count)
    var taken: [UInt8] = []
    while buffer.count > 0 {
      let pieces = buffer.take(cut)
      #expect(pieces.reduce(0) { $0 + $1.count } == min(cut, written.count - taken.count))
      for piece in pieces { taken += piece }
    }
    #expect(taken == written)
  }

  @Test("keeps a large piece where it is, and gathers small ones")
  func copies() throws {
    var buffer = PieceBuffer()
    let large = [UInt8](repeating: 1, count: 1 << 20)
    buffer.append(large)
    let pieces = buffer.take(1 << 19) + buffer.take(1 << 19)
    try #require(pieces.count == 2)
    let address = large.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    for (index, piece) in pieces.enumerated() {
      #expect(piece.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } == address + index << 19)
    }
    for _ in 0..<10_000 { buffer.append([1, 2]) }
    #expect(buffer.take(20_000).count == 1)
  }

  @Test("gives nothing where there is nothing")
  func empty() {
    var buffer = PieceBuffer()
    buffer.append([])
    #expect(buffer.take(5).isEmpty)
    buffer.append([1])
    #expect(buffer.take(0).isEmpty)
    #expect(buffer.take(-1).isEmpty)
    #expect(buffer.take(.max) == [[1]])
  }
}
