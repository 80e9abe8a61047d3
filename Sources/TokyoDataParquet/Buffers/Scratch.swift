internal import Synchronization

/// Memory that the chunks of a file leave to those after them.
///
/// The system hands out large memory page by page and takes it back as soon as it is free, which costs nearly
/// as much as filling it. So what one chunk needed is kept for the next, as many pieces as chunks are encoded
/// at once.
final class Scratch: Sendable {
  /// A piece that nobody uses.
  ///
  /// Why it may cross threads: the pointer comes in with `keep`, whose caller gives it up, goes out to one
  /// taker of `block`, and meanwhile lies behind the mutex, where nobody reads or writes what it points to.
  private struct Block: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
  }

  private let limit: Int
  private let arrays = Mutex<[[UInt8]]>([])
  private let blocks = Mutex<[Block]>([])

  /// Less is taken from `malloc` each time.
  private static var leastBytes: Int { 1 << 20 }

  /// Keeps up to `limit` pieces of each kind.
  init(limit: Int) { self.limit = limit }

  deinit {
    blocks.withLock { for block in $0 { block.memory.deallocate() } }
  }

  /// An empty array with room for some bytes.
  func array(capacity: Int) -> [UInt8] {
    guard capacity >= Self.leastBytes else {
      var small: [UInt8] = []
      small.reserveCapacity(capacity)
      return small
    }
    let capacity = Self.rounded(capacity)
    var array =
      arrays.withLock { arrays in
        Self.place(for: capacity, among: arrays.map(\.capacity)).map { arrays.remove(at: $0) }
      } ?? []
    array.reserveCapacity(capacity)
    return array
  }

  /// Keeps the memory of an array that nobody else refers to.
  func keep(_ array: consuming [UInt8]) {
    guard array.capacity >= Self.leastBytes else { return }
    array.removeAll(keepingCapacity: true)
    let spare = array
    arrays.withLock { arrays in
      arrays.append(spare)
      guard arrays.count > limit,
        let least = arrays.indices.min(by: { arrays[$0].capacity < arrays[$1].capacity })
      else { return }
      arrays.remove(at: least)
    }
  }

  /// Memory of at least some bytes, aligned for every value.
  func block(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let byteCount = Self.rounded(byteCount)
    let spare = blocks.withLock { blocks in
      Self.place(for: byteCount, among: blocks.map(\.memory.count)).map { blocks.remove(at: $0) }
    }
    return spare?.memory ?? .allocate(byteCount: byteCount, alignment: 16)
  }

  func keep(_ memory: UnsafeMutableRawBufferPointer) {
    guard memory.count >= Self.leastBytes else { return memory.deallocate() }
    let surplus: Block? = blocks.withLock { blocks in
      blocks.append(Block(memory: memory))
      guard blocks.count > limit,
        let least = blocks.indices.min(by: { blocks[$0].memory.count < blocks[$1].memory.count })
      else { return nil }
      return blocks.remove(at: least)
    }
    surplus?.memory.deallocate()
  }

  /// A little more, so that the next chunk of a column finds room where the last one was somewhat smaller.
  private static func rounded(_ size: Int) -> Int {
    guard size >= leastBytes else { return size }
    let step = (1 << (Int.bitWidth - 1 - size.leadingZeroBitCount)) / 8
    return (size + step - 1) / step * step
  }

  /// The smallest piece that is large enough, but none of more than twice the size, which others need more.
  private static func place(for size: Int, among sizes: [Int]) -> Int? {
    sizes.indices.filter { size...(2 * size) ~= sizes[$0] }.min { sizes[$0] < sizes[$1] }
  }
}
