/// Eight words of eight bytes, a matrix that can be transposed in registers.
struct Words8 {
  private var a: UInt64, b: UInt64, c: UInt64, d: UInt64
  private var e: UInt64, f: UInt64, g: UInt64, h: UInt64

  /// Loads eight words that begin `stride` bytes after each other.
  @inline(__always)
  init(_ source: UnsafeRawPointer, stride: Int) {
    a = load(source)
    b = load(source + stride)
    c = load(source + 2 &* stride)
    d = load(source + 3 &* stride)
    e = load(source + 4 &* stride)
    f = load(source + 5 &* stride)
    g = load(source + 6 &* stride)
    h = load(source + 7 &* stride)
  }

  /// Byte `i` of word `k` becomes byte `k` of word `i`.
  @inline(__always)
  mutating func transpose() {
    // Swaps the quarters of the matrix that are off its diagonal, then those of its quarters and so on.
    swap(&a, &e, 32, 0x0000_0000_ffff_ffff)
    swap(&b, &f, 32, 0x0000_0000_ffff_ffff)
    swap(&c, &g, 32, 0x0000_0000_ffff_ffff)
    swap(&d, &h, 32, 0x0000_0000_ffff_ffff)
    swap(&a, &c, 16, 0x0000_ffff_0000_ffff)
    swap(&b, &d, 16, 0x0000_ffff_0000_ffff)
    swap(&e, &g, 16, 0x0000_ffff_0000_ffff)
    swap(&f, &h, 16, 0x0000_ffff_0000_ffff)
    swap(&a, &b, 8, 0x00ff_00ff_00ff_00ff)
    swap(&c, &d, 8, 0x00ff_00ff_00ff_00ff)
    swap(&e, &f, 8, 0x00ff_00ff_00ff_00ff)
    swap(&g, &h, 8, 0x00ff_00ff_00ff_00ff)
  }

  @inline(__always)
  func store(to target: UnsafeMutableRawPointer, stride: Int) {
    TokyoDataParquet.store(a, to: target)
    TokyoDataParquet.store(b, to: target + stride)
    TokyoDataParquet.store(c, to: target + 2 &* stride)
    TokyoDataParquet.store(d, to: target + 3 &* stride)
    TokyoDataParquet.store(e, to: target + 4 &* stride)
    TokyoDataParquet.store(f, to: target + 5 &* stride)
    TokyoDataParquet.store(g, to: target + 6 &* stride)
    TokyoDataParquet.store(h, to: target + 7 &* stride)
  }
}

/// Four words of twice four bytes: two matrices side by side, transposed each for itself.
struct Words4 {
  private var a: UInt64, b: UInt64, c: UInt64, d: UInt64

  /// Loads four words that begin `stride` bytes after each other.
  @inline(__always)
  init(_ source: UnsafeRawPointer, stride: Int) {
    a = load(source)
    b = load(source + stride)
    c = load(source + 2 &* stride)
    d = load(source + 3 &* stride)
  }

  /// Loads eight values of four bytes, of which the first and the fifth make the first word and so on.
  @inline(__always)
  init(values source: UnsafeRawPointer) {
    let (first, second) = (load(source), load(source + 8))
    let (third, fourth) = (load(source + 16), load(source + 24))
    a = first & 0xffff_ffff | third &<< 32
    b = first &>> 32 | third & ~0xffff_ffff
    c = second & 0xffff_ffff | fourth &<< 32
    d = second &>> 32 | fourth & ~0xffff_ffff
  }

  @inline(__always)
  mutating func transpose() {
    swap(&a, &c, 16, 0x0000_ffff_0000_ffff)
    swap(&b, &d, 16, 0x0000_ffff_0000_ffff)
    swap(&a, &b, 8, 0x00ff_00ff_00ff_00ff)
    swap(&c, &d, 8, 0x00ff_00ff_00ff_00ff)
  }

  @inline(__always)
  func store(to target: UnsafeMutableRawPointer, stride: Int) {
    TokyoDataParquet.store(a, to: target)
    TokyoDataParquet.store(b, to: target + stride)
    TokyoDataParquet.store(c, to: target + 2 &* stride)
    TokyoDataParquet.store(d, to: target + 3 &* stride)
  }

  /// Stores the eight values of which `init(values:)` makes the words.
  @inline(__always)
  func store(values target: UnsafeMutableRawPointer) {
    TokyoDataParquet.store(a & 0xffff_ffff | b &<< 32, to: target)
    TokyoDataParquet.store(c & 0xffff_ffff | d &<< 32, to: target + 8)
    TokyoDataParquet.store(a &>> 32 | b & ~0xffff_ffff, to: target + 16)
    TokyoDataParquet.store(c &>> 32 | d & ~0xffff_ffff, to: target + 24)
  }
}

@inline(__always)
private func load(_ source: UnsafeRawPointer) -> UInt64 {
  UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
}

@inline(__always)
private func store(_ word: UInt64, to target: UnsafeMutableRawPointer) {
  target.storeBytes(of: word.littleEndian, as: UInt64.self)
}

/// Swaps the bits of `high` under the mask with those of `low` that are `shift` higher.
@inline(__always)
private func swap(_ low: inout UInt64, _ high: inout UInt64, _ shift: UInt64, _ mask: UInt64) {
  let difference = (low &>> shift ^ high) & mask
  high ^= difference
  low ^= difference &<< shift
}
