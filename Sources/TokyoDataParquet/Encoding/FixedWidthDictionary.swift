/// The distinct values of a column of fixed width, by their bits: a NaN equals itself, −0.0 is not 0.0.
struct FixedWidthDictionary<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  /// The distinct values in the order of their first occurrence.
  private(set) var keys: [Bits] = []
  /// For every value the position of its key.
  private(set) var ids: [UInt32] = []

  /// Finds the distinct values, or nil where there are more than `maximumKeys`.
  ///
  /// - Parameter extremes: The least and greatest of the values as signed numbers.
  init?(
    _ values: UnsafeBufferPointer<Bits>, _ extremes: (least: Bits, greatest: Bits), maximumKeys: Int
  ) {
    guard values.count > 0, maximumKeys > 0 else { return nil }
    var isComplete = false
    ids = [UInt32](unsafeUninitializedCapacity: values.count) { ids, initialized in
      guard let values = values.baseAddress, let target = ids.baseAddress else { return }
      let count = ids.count
      let table = DirectTable(extremes, count: count)
      isComplete = find(within: table, values, count, target, maximumKeys)
      initialized = isComplete ? count : 0
    }
    guard isComplete else { return nil }
  }

  private mutating func find(
    within direct: consuming DirectTable<Bits>?, _ values: UnsafePointer<Bits>, _ count: Int,
    _ ids: UnsafeMutablePointer<UInt32>, _ maximumKeys: Int
  ) -> Bool {
    var forecast = DictionaryForecast(of: count, maximumKeys: maximumKeys)
    let block = DictionaryForecast.block
    var position = 0
    switch consume direct {
    case .some(let table):
      while position < count {
        let end = min(position + block, count)
        table.look(up: values, position..<end, ids, &keys)
        if forecast.isHopeless(keys.count, after: end) { return false }
        position = end
      }
    case .none:
      var table = HashTable<Bits>(capacity: 1 << 12)
      while position < count {
        let end = min(position + block, count)
        // Room for every key that the block can bring.
        if (keys.count + block) * 2 > table.capacity {
          table = HashTable(capacity: table.capacity * 2, keys: keys)
        }
        table.look(up: values, position..<end, ids, &keys)
        if forecast.isHopeless(keys.count, after: end) { return false }
        position = end
      }
    }
    return true
  }
}

/// Numbers keys by their distance from the least value, for integers that lie near each other.
private struct DirectTable<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: ~Copyable {
  private let low: Bits
  /// For every distance the key's number, from 1 on.
  private let slots: UnsafeMutablePointer<UInt32>

  private static var sizeLimit: Bits { 1 << 20 }

  /// Nil where the table would be larger than the cache or the column.
  init?(_ extremes: (least: Bits, greatest: Bits), count: Int) {
    let distance = extremes.greatest &- extremes.least
    guard distance < Self.sizeLimit, distance < Bits(truncatingIfNeeded: max(4096, count * 2)) else {
      return nil
    }
    low = extremes.least
    let size = Int(distance) + 1
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0, count: size)
  }

  deinit { slots.deallocate() }

  func look(
    up values: UnsafePointer<Bits>, _ range: Range<Int>, _ ids: UnsafeMutablePointer<UInt32>,
    _ keys: inout [Bits]
  ) {
    for index in range {
      let slot = Int(truncatingIfNeeded: values[index] &- low)
      var number = slots[slot]
      if number == 0 {
        keys.append(values[index])
        number = UInt32(truncatingIfNeeded: keys.count)
        slots[slot] = number
      }
      ids[index] = number &- 1
    }
  }
}

/// Numbers keys by their bits, in one table of keys and numbers side by side.
private struct HashTable<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var key: Bits
    /// The key's number, from 1 on; 0 for an empty place.
    var number: UInt32
  }

  /// A power of two, at least twice the number of keys.
  let capacity: Int
  private let entries: UnsafeMutablePointer<Entry>
  private let shift: UInt64
  private let multiplier = DictionaryForecast.multiplier

  init(capacity: Int, keys: [Bits] = []) {
    self.capacity = capacity
    shift = UInt64(64 - capacity.trailingZeroBitCount)
    entries = .allocate(capacity: capacity)
    entries.initialize(repeating: Entry(key: 0, number: 0), count: capacity)
    for (index, key) in keys.enumerated() {
      var place = place(of: key)
      while entries[place].number != 0 { place = (place + 1) & (capacity - 1) }
      entries[place] = Entry(key: key, number: UInt32(truncatingIfNeeded: index + 1))
    }
  }

  deinit { entries.deallocate() }

  @inline(__always)
  private func place(of key: Bits) -> Int {
    var folded = UInt64(truncatingIfNeeded: key)
    if Bits.bitWidth > 64 { folded ^= UInt64(truncatingIfNeeded: key >> 64) &* 0x9e37_79b9_7f4a_7c15 }
    return Int(truncatingIfNeeded: (folded &* multiplier) &>> shift)
  }

  func look(
    up values: UnsafePointer<Bits>, _ range: Range<Int>, _ ids: UnsafeMutablePointer<UInt32>,
    _ keys: inout [Bits]
  ) {
    let mask = capacity &- 1
    for index in range {
      let value = values[index]
      var place = place(of: value)
      while true {
        let entry = entries[place]
        if entry.number == 0 {
          keys.append(value)
          let number = UInt32(truncatingIfNeeded: keys.count)
          entries[place] = Entry(key: value, number: number)
          ids[index] = number &- 1
          break
        }
        if entry.key == value {
          ids[index] = entry.number &- 1
          break
        }
        place = (place &+ 1) & mask
      }
    }
  }
}
