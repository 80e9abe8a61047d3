/// The least and greatest of every block of values, found while these are still in the cache.
///
/// Bounds of any range follow from those of its whole blocks and a look at its ends. The bits compare as
/// signed numbers.
struct BlockBounds<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  private static var size: Int { 1024 }
  /// Turns the bit of the sign over, so that signed numbers compare as unsigned ones.
  private static var sign: Bits { 1 << Bits(truncatingIfNeeded: Bits.bitWidth - 1) }

  private var blocks: [(least: Bits, greatest: Bits)] = []

  /// Takes in the blocks that became whole with `count` values.
  mutating func extend(_ values: UnsafePointer<Bits>, to count: Int) {
    while (blocks.count + 1) * Self.size <= count {
      let start = blocks.count * Self.size
      blocks.append(Self.extremes(UnsafeBufferPointer(start: values + start, count: Self.size)))
    }
  }

  /// The least and greatest of a range that is not empty.
  func bounds(_ range: Range<Int>, of values: UnsafeBufferPointer<Bits>) -> (least: Bits, greatest: Bits) {
    let first = (range.lowerBound + Self.size - 1) / Self.size
    let end = min(range.upperBound / Self.size, blocks.count)
    guard first < end else { return Self.signed(Self.extremes(UnsafeBufferPointer(rebasing: values[range]))) }
    var found = blocks[first]
    for block in blocks[first + 1..<max(end, first + 1)] { found = Self.both(found, block) }
    for rest in [range.lowerBound..<first * Self.size, end * Self.size..<range.upperBound] where !rest.isEmpty
    {
      found = Self.both(found, Self.extremes(UnsafeBufferPointer(rebasing: values[rest])))
    }
    return Self.signed(found)
  }

  private static func signed(_ ordered: (least: Bits, greatest: Bits)) -> (least: Bits, greatest: Bits) {
    (ordered.least ^ sign, ordered.greatest ^ sign)
  }

  @inline(__always)
  private static func both(
    _ left: (least: Bits, greatest: Bits), _ right: (least: Bits, greatest: Bits)
  ) -> (least: Bits, greatest: Bits) {
    (min(left.least, right.least), max(left.greatest, right.greatest))
  }

  /// Two at a time, as each comparison waits for the one before it.
  private static func extremes(_ values: UnsafeBufferPointer<Bits>) -> (least: Bits, greatest: Bits) {
    var (least, greatest) = (Bits.max, Bits.min)
    var (otherLeast, otherGreatest) = (Bits.max, Bits.min)
    var index = 0
    while index &+ 1 < values.count {
      let (first, second) = (values[index] ^ sign, values[index &+ 1] ^ sign)
      least = first < least ? first : least
      greatest = first > greatest ? first : greatest
      otherLeast = second < otherLeast ? second : otherLeast
      otherGreatest = second > otherGreatest ? second : otherGreatest
      index &+= 2
    }
    if index < values.count {
      least = min(least, values[index] ^ sign)
      greatest = max(greatest, values[index] ^ sign)
    }
    return both((least, greatest), (otherLeast, otherGreatest))
  }
}
