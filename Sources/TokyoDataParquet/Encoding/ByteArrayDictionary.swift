/// The distinct byte strings of a column, as positions of their first occurrences.
struct ByteArrayDictionary {
  /// For every key the position of a string that equals it.
  private(set) var keys: [Int] = []
  /// For every string the position of its key.
  private(set) var ids: [UInt32] = []

  /// Finds the distinct strings, or gives up where a dictionary would not be smaller than the strings.
  init?(_ strings: ByteArraySlices, limit: Int) {
    let count = strings.count
    guard count > 0 else { return nil }
    ids.reserveCapacity(count)
    // A slot holds the upper half of the hash and the key's number, from 1 on.
    var slots = [UInt64](repeating: 0, count: 1 << 12)
    var keyBytes = 0
    var valueBytes = 0
    for index in 0..<count {
      if keys.count * 2 >= slots.count { slots = Self.rehashed(slots) }
      let string = strings[index]
      valueBytes += string.count + 4
      let hash = Self.hash(string)
      var slot = Self.slot(of: hash, slots.count)
      while true {
        let entry = slots[slot]
        if entry == 0 {
          keys.append(index)
          keyBytes += string.count + 4
          guard keyBytes <= limit else { return nil }
          slots[slot] = hash & 0xffff_ffff_0000_0000 | UInt64(keys.count)
          ids.append(UInt32(truncatingIfNeeded: keys.count - 1))
          break
        }
        let id = Int(entry & 0xffff_ffff) - 1
        if (entry ^ hash) >> 32 == 0, Self.equal(strings[keys[id]], string) {
          ids.append(UInt32(truncatingIfNeeded: id))
          break
        }
        slot = (slot + 1) & (slots.count - 1)
      }
      if index == 20_000, keys.count > 15_000 { return nil }
    }
    let packed = count * bitWidth(of: max(1, keys.count - 1)) / 8
    guard keyBytes + packed < valueBytes || keys.count == 1 else { return nil }
  }

  @inline(__always)
  private static func slot(of hash: UInt64, _ slotCount: Int) -> Int {
    // The upper half of the hash, so that slots can be found anew from what they hold.
    let spread = (hash >> 32) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: spread >> UInt64(64 &- slotCount.trailingZeroBitCount))
  }

  private static func rehashed(_ old: [UInt64]) -> [UInt64] {
    var slots = [UInt64](repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 {
      var slot = slot(of: entry, slots.count)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
    return slots
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(bytes.count) &* 0x9e37_79b9_7f4a_7c15
    var index = 0
    while bytes.count &- index >= 8 {
      hash = mix(hash ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index &+= 8
    }
    if index < bytes.count {
      var last: UInt64 = 0
      var shift: UInt64 = 0
      while index < bytes.count {
        last |= UInt64(bytes[index]) << shift
        shift &+= 8
        index &+= 1
      }
      hash = mix(hash ^ last)
    }
    return hash
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
    return product.high ^ product.low ^ 0xe703_7ed1_a0b4_28db
  }

  @inline(__always)
  private static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var index = 0
    while left.count &- index >= 8 {
      guard
        left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          == right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      else { return false }
      index &+= 8
    }
    while index < left.count {
      guard left[index] == right[index] else { return false }
      index &+= 1
    }
    return true
  }
}
