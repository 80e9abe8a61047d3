/// Bytes as they were written, until a part can be cut off.
///
/// Large pieces stay where they are; small ones are gathered, for each of them costs more than its bytes.
struct PieceBuffer {
  private static let smallPiece = 16 << 10
  private static let gathered = 256 << 10

  /// The number of bytes.
  private(set) var count = 0
  private var pieces: [ArraySlice<UInt8>] = []
  private var small: [UInt8] = []

  init() {}

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    count += bytes.count
    guard bytes.count < Self.smallPiece else {
      closeSmall()
      return pieces.append(bytes[...])
    }
    if small.isEmpty { small.reserveCapacity(Self.gathered) }
    small += bytes
    if small.count > Self.gathered - Self.smallPiece { closeSmall() }
  }

  /// Cuts off the first bytes, all of them where there are no more.
  mutating func take(_ wanted: Int) -> [ArraySlice<UInt8>] {
    closeSmall()
    var missing = min(max(0, wanted), count)
    count -= missing
    var whole = 0
    while whole < pieces.count, pieces[whole].count <= missing {
      missing -= pieces[whole].count
      whole += 1
    }
    var taken = Array(pieces[..<whole])
    pieces.removeFirst(whole)
    if missing > 0 {
      taken.append(pieces[0].prefix(missing))
      pieces[0] = pieces[0].dropFirst(missing)
    }
    return taken
  }

  private mutating func closeSmall() {
    guard !small.isEmpty else { return }
    pieces.append(small[...])
    small = []
  }
}
