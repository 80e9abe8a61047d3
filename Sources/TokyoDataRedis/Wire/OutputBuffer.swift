/// Bytes on their way to the socket, of which a part may have gone.
struct OutputBuffer {
  /// What a large value took is given back when it has gone.
  private static let keptCapacity = 1 << 20

  private(set) var bytes: [UInt8] = []
  private var sentCount = 0

  var isEmpty: Bool { sentCount == bytes.count }

  mutating func append(_ more: [UInt8]) {
    bytes.append(contentsOf: more)
  }

  /// Gives what is left to `send`, which tells how much of it went.
  mutating func send<Failure: Error>(
    _ send: (UnsafeRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    let count = try bytes.withUnsafeBufferPointer { all throws(Failure) in
      try send(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[sentCount...])))
    }
    sentCount += count
    if isEmpty {
      removeAll()
    } else if sentCount > Self.keptCapacity, sentCount >= bytes.count / 2 {
      // A server that is always a little behind would have the buffer grow for ever.
      bytes.removeFirst(sentCount)
      sentCount = 0
    }
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
    sentCount = 0
  }
}
