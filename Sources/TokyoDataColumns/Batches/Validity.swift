/// Which slots of a column hold a value: one bit a slot, least significant first, none at all without nulls.
public struct Validity: Hashable, Sendable {
  /// How many slots there are.
  public let count: Int
  /// How many of them are null.
  public let nullCount: Int
  /// The bits, 1 for a value; nil where no slot is null.
  ///
  /// Bits behind `count` are 0.
  package let words: [UInt64]?

  /// Makes a validity in which every slot holds a value.
  public init(allValid count: Int) {
    self.init(count: count, nullCount: 0, words: nil)
  }

  /// For words whose bits behind `count` are 0 and whose other zero bits number `nullCount`.
  package init(count: Int, nullCount: Int, words: [UInt64]?) {
    self.count = count
    self.nullCount = nullCount
    self.words = nullCount == 0 ? nil : words
  }

  /// How many slots of a range are null.
  package func nullCount(in range: Range<Int>) -> Int {
    guard let words, nullCount > 0, !range.isEmpty else { return 0 }
    if range == 0..<count { return nullCount }
    let (first, last) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
    var valid = 0
    for word in first...last {
      var bits = words[word]
      if word == first { bits &= ~0 << UInt64(range.lowerBound & 63) }
      if word == last { bits &= ~0 >> UInt64(63 - (range.upperBound - 1) & 63) }
      valid += bits.nonzeroBitCount
    }
    return range.count - valid
  }

  /// Whether the slot holds a value.
  public subscript(index: Int) -> Bool {
    guard let words else { return true }
    return words[index >> 6] >> UInt64(index & 63) & 1 == 1
  }
}

/// Collects validity bits; costs nothing until the first null comes.
package struct ValidityBuilder: Sendable {
  package private(set) var count = 0
  package private(set) var nullCount = 0
  private var words: [UInt64] = []

  package init() {}

  /// Adds a slot that holds a value.
  @inline(__always)
  package mutating func appendValid() {
    if nullCount > 0 { append(bit: 1) } else { count &+= 1 }
  }

  /// Adds `number` slots that hold values.
  package mutating func appendValid(count number: Int) {
    if nullCount == 0 { count += number } else { for _ in 0..<number { append(bit: 1) } }
  }

  /// Adds a null slot.
  package mutating func appendNull() {
    if nullCount == 0 {
      words = Array(repeating: ~0, count: count >> 6)
      if count & 63 != 0 { words.append(1 << UInt64(count & 63) &- 1) }
    }
    nullCount += 1
    append(bit: 0)
  }

  /// Adds the slots of another validity.
  package mutating func append(_ other: Validity) {
    guard other.nullCount > 0 else { return appendValid(count: other.count) }
    for index in 0..<other.count { if other[index] { appendValid() } else { appendNull() } }
  }

  private mutating func append(bit: UInt64) {
    if count & 63 == 0 { words.append(bit) } else { words[count >> 6] |= bit << UInt64(count & 63) }
    count &+= 1
  }

  package consuming func finish() -> Validity {
    Validity(count: count, nullCount: nullCount, words: nullCount == 0 ? nil : words)
  }
}
