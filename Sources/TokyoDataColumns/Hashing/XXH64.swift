/// XXH64, the 64-bit xxHash by Yann Collet, as its specification describes it.
///
/// Source: "xxHash fast digest algorithm", version 0.1.1, of the xxHash project.
package enum XXH64 {
  fileprivate static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  fileprivate static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  fileprivate static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  fileprivate static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  fileprivate static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  /// The hash of some bytes under a seed.
  package static func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
    bytes.withUnsafeBytes { hash($0, seed: seed) }
  }

  /// The hash of some bytes under a seed.
  package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    var offset = 0
    let count = bytes.count
    var hash: UInt64
    if count >= 32 {
      var lanes = lanes(seed: seed)
      while offset &+ 32 <= count {
        absorb(bytes, offset, into: &lanes)
        offset &+= 32
      }
      hash = merge(lanes)
    } else {
      hash = short(seed: seed)
    }
    return finish(hash &+ UInt64(count), bytes, from: offset)
  }

  fileprivate typealias Lanes = (UInt64, UInt64, UInt64, UInt64)

  @inline(__always)
  fileprivate static func lanes(seed: UInt64) -> Lanes {
    (seed &+ prime1 &+ prime2, seed &+ prime2, seed, seed &- prime1)
  }

  @inline(__always)
  fileprivate static func short(seed: UInt64) -> UInt64 { seed &+ prime5 }

  /// Takes in the 32 bytes at an offset.
  @inline(__always)
  fileprivate static func absorb(_ bytes: UnsafeRawBufferPointer, _ offset: Int, into lanes: inout Lanes) {
    lanes.0 = round(lanes.0, word64(bytes, offset))
    lanes.1 = round(lanes.1, word64(bytes, offset &+ 8))
    lanes.2 = round(lanes.2, word64(bytes, offset &+ 16))
    lanes.3 = round(lanes.3, word64(bytes, offset &+ 24))
  }

  @inline(__always)
  fileprivate static func merge(_ lanes: Lanes) -> UInt64 {
    let hash = rotate(lanes.0, 1) &+ rotate(lanes.1, 7) &+ rotate(lanes.2, 12) &+ rotate(lanes.3, 18)
    return merge(merge(merge(merge(hash, lanes.0), lanes.1), lanes.2), lanes.3)
  }

  /// Takes in the fewer than 32 bytes from an offset to the end, and mixes.
  @inline(__always)
  fileprivate static func finish(
    _ start: UInt64, _ bytes: UnsafeRawBufferPointer, from first: Int
  ) -> UInt64 {
    var hash = start
    var offset = first
    let count = bytes.count
    while offset &+ 8 <= count {
      hash = rotate(hash ^ round(0, word64(bytes, offset)), 27) &* prime1 &+ prime4
      offset &+= 8
    }
    if offset &+ 4 <= count {
      let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      hash = rotate(hash ^ (UInt64(word) &* prime1), 23) &* prime2 &+ prime3
      offset &+= 4
    }
    while offset < count {
      hash = rotate(hash ^ (UInt64(bytes[offset]) &* prime5), 11) &* prime1
      offset &+= 1
    }
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
  }

  @inline(__always)
  fileprivate static func word64(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  fileprivate static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value &<< bits | value &>> (64 &- bits)
  }

  @inline(__always)
  fileprivate static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotate(lane &+ input &* prime2, 31) &* prime1
  }

  @inline(__always)
  fileprivate static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
    (hash ^ round(0, lane)) &* prime1 &+ prime4
  }
}

/// XXH64 of bytes that come piece by piece; it gives what ``XXH64`` gives for all of them at once.
package struct XXH64Stream: Sendable {
  private let seed: UInt64
  private var lanes: XXH64.Lanes
  /// Fewer than 32 bytes that fill no stripe yet.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  package init(seed: UInt64) {
    self.seed = seed
    lanes = XXH64.lanes(seed: seed)
  }

  /// Adds bytes.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    var offset = 0
    if !rest.isEmpty {
      offset = min(32 - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<offset])
      guard rest.count == 32 else { return }
      rest.withUnsafeBytes { XXH64.absorb($0, 0, into: &lanes) }
      rest.removeAll(keepingCapacity: true)
    }
    while offset &+ 32 <= bytes.count {
      XXH64.absorb(bytes, offset, into: &lanes)
      offset &+= 32
    }
    rest.append(contentsOf: bytes[offset...])
  }

  /// The hash of all bytes so far.
  package func finish() -> UInt64 {
    let start = count >= 32 ? XXH64.merge(lanes) : XXH64.short(seed: seed)
    return rest.withUnsafeBytes { XXH64.finish(start &+ count, $0, from: 0) }
  }
}
