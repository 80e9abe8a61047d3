internal import TokyoDataColumns

/// Which slots compare so with a value that is not NaN; the comparison is chosen once a column.
///
/// What is above is written as what is not below, so that NaN is above every number.
@inline(__always)
func comparing<Slot, Value: Comparable>(
  _ slots: [Slot], _ comparison: ParquetFilter.Comparison, _ value: Value, _ widened: (Slot) -> Value
) -> [Bool] {
  switch comparison {
  case .equal: marking(slots) { widened($0) == value }
  case .notEqual: marking(slots) { !(widened($0) == value) }
  case .less: marking(slots) { widened($0) < value }
  case .lessOrEqual: marking(slots) { widened($0) <= value }
  case .greater: marking(slots) { !(widened($0) <= value) }
  case .greaterOrEqual: marking(slots) { !(widened($0) < value) }
  }
}

/// Compares integers with a value that they may be too narrow for.
@inline(__always)
func comparing<Slot: FixedWidthInteger>(
  _ slots: [Slot], _ comparison: ParquetFilter.Comparison, _ value: Int64
) -> [Bool] {
  guard let same = Slot(exactly: value) else {
    return Array(repeating: comparison.holds(value > 0 ? -1 : 1), count: slots.count)
  }
  return comparing(slots, comparison, same) { $0 }
}

func comparing(
  _ strings: ByteStrings, _ comparison: ParquetFilter.Comparison, _ value: [UInt8]
) -> [Bool] {
  value.withUnsafeBytes { value in
    switch comparison {
    case .equal: strings.map { isEqual($0, value) }
    case .notEqual: strings.map { !isEqual($0, value) }
    case .less: strings.map { precedes($0, value) }
    case .lessOrEqual: strings.map { !precedes(value, $0) }
    case .greater: strings.map { precedes(value, $0) }
    case .greaterOrEqual: strings.map { !precedes($0, value) }
    }
  }
}

@inline(__always)
private func marking<Slot>(_ slots: [Slot], _ passes: (Slot) -> Bool) -> [Bool] {
  slots.withUnsafeBufferPointer { slots in
    [Bool](unsafeUninitializedCapacity: slots.count) { marks, count in
      for slot in 0..<slots.count { marks[slot] = passes(slots[slot]) }
      count = slots.count
    }
  }
}

@inline(__always)
private func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  let count = left.count
  guard count == right.count else { return false }
  var index = 0
  while count &- index >= 8 {
    if left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      != right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    {
      return false
    }
    index &+= 8
  }
  while index < count {
    if left[index] != right[index] { return false }
    index &+= 1
  }
  return true
}

extension ByteStrings {
  /// What `body` says of each string, whose memory it is lent.
  @inline(__always)
  func map(_ body: (UnsafeRawBufferPointer) -> Bool) -> [Bool] {
    bytes.withUnsafeBytes { bytes in
      offsets.withUnsafeBufferPointer { offsets in
        [Bool](unsafeUninitializedCapacity: offsets.count - 1) { marks, count in
          for slot in 0..<offsets.count - 1 {
            let range = Int(offsets[slot])..<Int(offsets[slot &+ 1])
            marks[slot] = body(UnsafeRawBufferPointer(rebasing: bytes[range]))
          }
          count = offsets.count - 1
        }
      }
    }
  }
}

/// Integers to look others up in: a table where they lie near each other, which is faster than hashing.
struct IntegerSet {
  private let low: Int64
  private var table: [Bool] = []
  private var set: Set<Int64> = []

  init(_ values: [Int64]) {
    low = values.min() ?? 0
    let (span, overflow) = (values.max() ?? 0).subtractingReportingOverflow(low)
    guard !overflow, span < 1 << 16 else {
      set = Set(values)
      return
    }
    table = Array(repeating: false, count: values.isEmpty ? 0 : Int(span) + 1)
    for value in values { table[Int(value - low)] = true }
  }

  @inline(__always)
  func contains(_ value: Int64) -> Bool {
    if table.isEmpty { return !set.isEmpty && set.contains(value) }
    let place = UInt64(bitPattern: value &- low)
    return place < UInt64(table.count) && table[Int(place)]
  }
}

/// Byte strings to look others up in, without making a copy of these.
struct SortedByteStrings {
  private let strings: [[UInt8]]

  init(_ strings: [[UInt8]]) { self.strings = strings.sorted { $0.lexicographicallyPrecedes($1) } }

  func contains(_ string: UnsafeRawBufferPointer) -> Bool {
    // The first string that is not below.
    var (low, high) = (0, strings.count)
    while low < high {
      let middle = (low + high) / 2
      if strings[middle].withUnsafeBytes({ precedes($0, string) }) { low = middle + 1 } else { high = middle }
    }
    return low < strings.count && strings[low].withUnsafeBytes { isEqual($0, string) }
  }
}

extension Validity {
  /// The marks without those of null slots.
  func clearing(_ marks: [Bool]) -> [Bool] {
    guard let words, nullCount > 0 else { return marks }
    var marks = marks
    marks.withUnsafeMutableBufferPointer { marks in
      for (index, word) in words.enumerated() where word != ~0 {
        let start = index * 64
        for bit in 0..<max(0, min(64, count - start)) where word >> UInt64(bit) & 1 == 0 {
          marks[start + bit] = false
        }
      }
    }
    return marks
  }
}
