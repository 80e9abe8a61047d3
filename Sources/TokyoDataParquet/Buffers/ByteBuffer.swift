/// Growing memory of one owner: no reference counts, no zero fill, no uniqueness checks on the way.
struct ByteBuffer: ~Copyable {
  private(set) var base: UnsafeMutableRawPointer
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 0) {
    self.capacity = max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// What has been written so far; lent until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Makes room for `size` more bytes and gives the place where they begin; `commit` then counts them.
  @inline(__always)
  mutating func reserve(_ size: Int) -> UnsafeMutableRawPointer {
    if size > capacity &- count { grow(by: size) }
    return base + count
  }

  /// Counts bytes that were written into reserved room.
  @inline(__always)
  mutating func commit(_ size: Int) { count &+= size }

  /// Forgets the content and keeps the memory.
  mutating func removeAll() { count = 0 }

  @inline(never)
  private mutating func grow(by size: Int) {
    let larger = max(count + size, capacity * 2)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = larger
  }
}

extension ByteBuffer {
  mutating func append(_ byte: UInt8) {
    reserve(1).storeBytes(of: byte, as: UInt8.self)
    commit(1)
  }

  mutating func append(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress, source.count > 0 else { return }
    reserve(source.count).copyMemory(from: start, byteCount: source.count)
    commit(source.count)
  }

  mutating func append(_ source: [UInt8]) {
    source.withUnsafeBytes { append($0) }
  }

  mutating func append(littleEndian value: UInt32) {
    reserve(4).storeBytes(of: value.littleEndian, as: UInt32.self)
    commit(4)
  }

  /// Adds what `body` adds, behind its length in four bytes.
  mutating func append(behindLength body: (inout ByteBuffer) -> Void) {
    let place = count
    append(littleEndian: 0)
    body(&self)
    let length = UInt32(truncatingIfNeeded: count - place - 4)
    base.storeBytes(of: length.littleEndian, toByteOffset: place, as: UInt32.self)
  }

  /// Adds an unsigned LEB128 number.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// The content as an array.
  var array: [UInt8] { Array(bytes) }
}
