/// Gives equal integers equal codes, counted from 0 in order of appearance: an open hash table.
struct CodeTable<Key: FixedWidthInteger & Sendable>: Sendable {
  /// The key of each code.
  private(set) var keys: [Key] = []
  private var slots: [Int32] = Array(repeating: -1, count: 16)
  private var shift: UInt64 = 60

  /// Takes the next code for a key that no lookup finds.
  mutating func reserveCode() -> Int32 {
    keys.append(0)
    return Int32(truncatingIfNeeded: keys.count - 1)
  }

  /// The code of a key, new if need be.
  @inline(__always)
  mutating func code(of key: Key) -> Int32 {
    var slot = home(of: key)
    while true {
      let code = slots[slot]
      if code < 0 { break }
      if keys[Int(code)] == key { return code }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return insert(key, at: slot)
  }

  /// The code of a key, −1 for an unknown one.
  @inline(__always)
  func find(_ key: Key) -> Int32 {
    var slot = home(of: key)
    while true {
      let code = slots[slot]
      if code < 0 || keys[Int(code)] == key { return code }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
  }

  @inline(never)
  private mutating func insert(_ key: Key, at slot: Int) -> Int32 {
    let code = Int32(truncatingIfNeeded: keys.count)
    keys.append(key)
    slots[slot] = code
    if keys.count &* 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: -1, count: old.count * 2)
    shift -= 1
    for code in old where code >= 0 {
      var slot = home(of: keys[Int(code)])
      while slots[slot] >= 0 { slot = (slot &+ 1) & (slots.count &- 1) }
      slots[slot] = code
    }
  }

  @inline(__always)
  private func home(of key: Key) -> Int {
    // The odd constants are those of SplitMix64; the upper half matters for decimals only.
    var bits = UInt64(truncatingIfNeeded: key)
    if Key.bitWidth > 64 { bits ^= UInt64(truncatingIfNeeded: key >> 64) &* 0xBF58_476D_1CE4_E5B9 }
    bits ^= bits >> 32
    return Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }
}

/// Gives equal byte strings equal codes, counted from 0 in order of appearance.
struct ByteTable: Sendable {
  /// The bytes of each code.
  private(set) var keys = ByteStrings()
  private var hashes: [UInt64] = []
  private var slots: [Int32] = Array(repeating: -1, count: 16)

  /// Takes the next code for a key that no lookup finds.
  mutating func reserveCode() -> Int32 {
    keys.offsets.append(keys.offsets[keys.offsets.count - 1])
    hashes.append(0)
    return Int32(truncatingIfNeeded: hashes.count - 1)
  }

  /// The code of a key, new if need be.
  mutating func code(of key: UnsafeRawBufferPointer) -> Int32 {
    let hash = XXH64.hash(key, seed: 0)
    let (slot, found) = locate(key, hash)
    if found >= 0 { return found }
    let code = Int32(truncatingIfNeeded: hashes.count)
    keys.bytes.append(contentsOf: key)
    keys.offsets.append(Int32(truncatingIfNeeded: keys.bytes.count))
    hashes.append(hash)
    slots[slot] = code
    if hashes.count * 2 > slots.count { grow() }
    return code
  }

  /// The code of a key, −1 for an unknown one.
  func find(_ key: UnsafeRawBufferPointer) -> Int32 { locate(key, XXH64.hash(key, seed: 0)).code }

  private func locate(_ key: UnsafeRawBufferPointer, _ hash: UInt64) -> (slot: Int, code: Int32) {
    keys.bytes.withUnsafeBytes { base in
      var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
      while true {
        let code = slots[slot]
        if code < 0 { return (slot, code) }
        if hashes[Int(code)] == hash, ByteOrder.compare(keys.slot(Int(code), in: base), key) == 0 {
          return (slot, code)
        }
        slot = (slot &+ 1) & (slots.count &- 1)
      }
    }
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: -1, count: old.count * 2)
    for code in old where code >= 0 {
      var slot = Int(truncatingIfNeeded: hashes[Int(code)]) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = code
    }
  }
}
