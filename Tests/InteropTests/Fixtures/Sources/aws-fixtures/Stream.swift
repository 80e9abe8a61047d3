internal import TokyoDataAWS

/// A made-up object of any size, of which no more than some pieces are in memory.
struct Stream {
  /// Each piece begins with its number, so that none stands for another.
  private static let pieceSize = 1 << 20
  private static let filling = (0..<pieceSize).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  private let store: S3ObjectStore
  private let key: ObjectKey
  private let size: Int

  init(bucket: String, key: String, size: Int) throws {
    store = try S3ObjectStore(bucket: bucket, session: AWSSession())
    self.key = try ObjectKey(key)
    self.size = size
  }

  func upload() async throws {
    try await store.withUpload(to: key) { upload in
      for start in stride(from: 0, to: size, by: Self.pieceSize) {
        try await upload.write(Array(Self.piece(start / Self.pieceSize).prefix(size - start)))
      }
    }
    try report()
  }

  func download() async throws {
    var comparison = Comparison()
    try await store.read(key) { try comparison.add($0) }
    guard comparison.count == size else { throw Wrong("\(comparison.count) bytes came, not \(size)") }
    try report()
  }

  private func report() throws {
    try JSONLine.print(["peak": ProcessFigures.peakMemory()])
  }

  private static func piece(_ number: Int) -> [UInt8] {
    var piece = filling
    for place in 0..<8 { piece[place] = UInt8(truncatingIfNeeded: number >> (8 * (7 - place))) }
    return piece
  }

  /// What came so far was right.
  private struct Comparison {
    var count = 0
    private var expected: [UInt8] = []

    mutating func add(_ bytes: [UInt8]) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let place = count % Stream.pieceSize
        if place == 0 { expected = Stream.piece(count / Stream.pieceSize) }
        let wanted = expected[place...].prefix(rest.count)
        guard rest.prefix(wanted.count) == wanted else { throw Wrong("other bytes after byte \(count)") }
        count += wanted.count
        rest = rest.dropFirst(wanted.count)
      }
    }
  }
}
