internal import TokyoDataColumns

/// Bits in words, least significant first; no words at all while every bit is set.
struct Bitmap: Hashable, Sendable {
  private(set) var count = 0
  private(set) var unsetCount = 0
  private var words: [UInt64] = []

  var setCount: Int { count - unsetCount }

  /// Up to 64 bits from a position on; bits behind `length` are 0.
  @inline(__always)
  func bits(at start: Int, length: Int) -> UInt64 {
    let mask = Self.mask(length)
    if unsetCount == 0 { return mask }
    let (word, shift) = (start >> 6, UInt64(start & 63))
    var value = words[word] >> shift
    if shift > 0, Int(shift) + length > 64 { value |= words[word + 1] << (64 - shift) }
    return value & mask
  }

  /// How many bits of a range are set.
  func setCount(in range: Range<Int>) -> Int {
    if unsetCount == 0 { return range.count }
    var total = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let length = min(64, range.upperBound - position)
      total += bits(at: position, length: length).nonzeroBitCount
      position += length
    }
    return total
  }

  /// Adds `length` bits, at most 64; those behind `length` must be 0.
  mutating func append(_ value: UInt64, length: Int) {
    let unset = length - value.nonzeroBitCount
    if unsetCount == 0 {
      if unset == 0 {
        count += length
        return
      }
      materialize()
    }
    unsetCount += unset
    let shift = UInt64(count & 63)
    if shift == 0 {
      words.append(value)
    } else {
      words[words.count - 1] |= value << shift
      if Int(shift) + length > 64 { words.append(value >> (64 - shift)) }
    }
    count += length
  }

  /// Adds equal bits.
  mutating func append(repeating bit: Bool, count number: Int) {
    if bit, unsetCount == 0 {
      count += number
      return
    }
    var rest = number
    while rest > 0 {
      let length = min(64, rest)
      append(bit ? Self.mask(length) : 0, length: length)
      rest -= length
    }
  }

  /// Adds some slots of a column's validity.
  mutating func append(_ validity: Validity, _ rows: Range<Int>) {
    guard let source = validity.words else {
      append(repeating: true, count: rows.count)
      return
    }
    var position = rows.lowerBound
    while position < rows.upperBound {
      let length = min(64, rows.upperBound - position)
      append(Self.bits(of: source, at: position, length: length), length: length)
      position += length
    }
  }

  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    (count, unsetCount) = (0, 0)
  }

  /// The validity in which unset bits are nulls.
  func validity() -> Validity {
    Validity(count: count, nullCount: unsetCount, words: unsetCount == 0 ? nil : words)
  }

  private mutating func materialize() {
    words.removeAll(keepingCapacity: true)
    words.append(contentsOf: repeatElement(~0, count: count >> 6))
    if count & 63 != 0 { words.append(Self.mask(count & 63)) }
  }

  /// The lowest `length` bits, 0 to 64.
  @inline(__always)
  static func mask(_ length: Int) -> UInt64 { length == 64 ? ~0 : (1 << UInt64(length)) &- 1 }

  /// Up to 64 bits of foreign words from a position on.
  @inline(__always)
  static func bits(of words: [UInt64], at start: Int, length: Int) -> UInt64 {
    let (word, shift) = (start >> 6, UInt64(start & 63))
    var value = words[word] >> shift
    if shift > 0, Int(shift) + length > 64 { value |= words[word + 1] << (64 - shift) }
    return value & mask(length)
  }
}

/// Calls `body` with each stretch of set bits of a range, as long as it finds them within 64 slots.
@inline(__always)
func forEachSetStretch(_ range: Range<Int>, of words: [UInt64], _ body: (Range<Int>) -> Void) {
  var position = range.lowerBound
  while position < range.upperBound {
    let length = min(64, range.upperBound - position)
    var rest = Bitmap.bits(of: words, at: position, length: length)
    while rest != 0 {
      let start = rest.trailingZeroBitCount
      let stretch = (~(rest >> UInt64(start))).trailingZeroBitCount
      body(position + start..<position + start + min(stretch, 64 - start))
      if start + stretch >= 64 { break }
      rest &= ~Bitmap.mask(start + stretch)
    }
    position += length
  }
}
