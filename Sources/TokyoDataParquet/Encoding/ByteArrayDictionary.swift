/// The distinct byte strings of a column, as positions of their first occurrences.
struct ByteArrayDictionary {
  /// For every key the position of its first occurrence, in the order of these.
  private(set) var keys: [Int] = []
  /// For every string the position of its key.
  private(set) var ids: [UInt32] = []

  /// Finds the distinct strings, or nil where they take more than `limit` bytes with their lengths.
  ///
  /// - Parameter strings: Byte strings behind the last of which eight more bytes can be read.
  init?(_ strings: ByteArraySlices, limit: Int) {
    let count = strings.count
    guard count > 0, limit > 0 else { return nil }
    var isComplete = false
    ids = [UInt32](unsafeUninitializedCapacity: count) { ids, initialized in
      guard let target = ids.baseAddress else { return }
      isComplete = find(strings, limit, target)
      initialized = isComplete ? count : 0
    }
    guard isComplete else { return nil }
  }

  private mutating func find(
    _ strings: ByteArraySlices, _ limit: Int, _ ids: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let count = strings.count
    guard let base = strings.bytes.baseAddress else {
      // Nothing but empty strings.
      ids.initialize(repeating: 0, count: count)
      keys = [0]
      return true
    }
    let averageBytes = Int(strings.offsets[count] - strings.offsets[0]) / count + 4
    var forecast = DictionaryForecast(of: count, maximumKeys: limit / averageBytes)
    var table = StringTable(capacity: 1 << 12)
    let block = DictionaryForecast.block
    var (position, keyBytes) = (0, 0)
    while position < count {
      let end = min(position + block, count)
      if (keys.count + block) * 2 > table.capacity {
        table = StringTable(capacity: table.capacity * 2, keys: keys, of: strings, base)
      }
      table.look(up: strings, base, position..<end, ids, &keys, &keyBytes)
      // Keys may be shorter than the average string: what counts in the end are their bytes.
      guard keyBytes <= limit, !forecast.isHopeless(min(keys.count, limit / averageBytes), after: end) else {
        return false
      }
      position = end
    }
    return true
  }
}

/// Numbers strings by their first eight bytes and their length, then by the rest of their bytes.
private struct StringTable: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var prefix: UInt64
    var length: UInt32
    /// The key's number, from 1 on; 0 for an empty place.
    var number: UInt32
  }

  /// A power of two, at least twice the number of keys.
  let capacity: Int
  private let entries: UnsafeMutablePointer<Entry>
  private let multiplier = DictionaryForecast.multiplier

  init(capacity: Int) {
    self.capacity = capacity
    entries = .allocate(capacity: capacity)
    entries.initialize(repeating: Entry(prefix: 0, length: 0, number: 0), count: capacity)
  }

  /// A table with keys that are all different.
  init(capacity: Int, keys: [Int], of strings: ByteArraySlices, _ base: UnsafeRawPointer) {
    self.init(capacity: capacity)
    for (index, key) in keys.enumerated() {
      let start = base + Int(strings.offsets[key])
      let length = Int(strings.offsets[key + 1] - strings.offsets[key])
      let prefix = prefix(start, length)
      var place = place(start, length, prefix)
      while entries[place].number != 0 { place = (place + 1) & (capacity - 1) }
      entries[place] = Entry(
        prefix: prefix, length: UInt32(truncatingIfNeeded: length),
        number: UInt32(truncatingIfNeeded: index + 1))
    }
  }

  deinit { entries.deallocate() }

  func look(
    up strings: ByteArraySlices, _ base: UnsafeRawPointer, _ range: Range<Int>,
    _ ids: UnsafeMutablePointer<UInt32>, _ keys: inout [Int], _ keyBytes: inout Int
  ) {
    guard let offsets = strings.offsets.baseAddress else { return }
    let mask = capacity &- 1
    for index in range {
      let start = base + Int(offsets[index])
      let length = Int(offsets[index &+ 1] &- offsets[index])
      let prefix = prefix(start, length)
      var place = place(start, length, prefix)
      while true {
        let entry = entries[place]
        if entry.number == 0 {
          keys.append(index)
          keyBytes &+= length &+ 4
          let number = UInt32(truncatingIfNeeded: keys.count)
          entries[place] = Entry(
            prefix: prefix, length: UInt32(truncatingIfNeeded: length), number: number)
          ids[index] = number &- 1
          break
        }
        if entry.prefix == prefix, Int(entry.length) == length {
          // Of short strings that is all there is to compare.
          if length <= 8 || Self.equal(base + Int(offsets[keys[Int(entry.number &- 1)]]), start, length) {
            ids[index] = entry.number &- 1
            break
          }
        }
        place = (place &+ 1) & mask
      }
    }
  }

  /// The first eight bytes, or zeros behind fewer.
  @inline(__always)
  private func prefix(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
    let bytes = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    return length >= 8 ? bytes : bytes & ((1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1)
  }

  /// Where to begin to look for a string.
  @inline(__always)
  private func place(_ start: UnsafeRawPointer, _ length: Int, _ prefix: UInt64) -> Int {
    var hash = mix(prefix ^ UInt64(truncatingIfNeeded: length))
    if length > 8 {
      var place = 8
      while place &+ 8 < length {
        hash = mix(hash ^ start.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        place &+= 8
      }
      hash = mix(hash ^ start.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self))
    }
    return Int(truncatingIfNeeded: hash) & (capacity &- 1)
  }

  @inline(__always)
  private func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: multiplier)
    return product.high ^ product.low
  }

  /// Whether strings of one length, above eight, that agree in their first eight bytes are the same.
  @inline(__always)
  private static func equal(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ length: Int) -> Bool {
    var place = 8
    while place &+ 8 < length {
      guard
        left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          == right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      else { return false }
      place &+= 8
    }
    return left.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      == right.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
  }
}
