internal import TokyoDataCore

/// Digits of a column to the wire without an array for each: most fit 64 bits.
extension NumericWire {
  /// How many bytes a number takes.
  static func length(_ unscaled: Int128, scale: Int) -> Int {
    if let groups = Groups(unscaled, scale: scale) { return groups.byteCount }
    return bytes(unscaled, scale: scale).count
  }

  /// Writes a number; how many bytes it took.
  static func write(_ unscaled: Int128, scale: Int, to place: UnsafeMutableRawPointer) -> Int {
    guard let groups = Groups(unscaled, scale: scale) else {
      return bytes(unscaled, scale: scale).withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
        return bytes.count
      }
    }
    groups.write(isNegative: unscaled < 0, scale: scale, to: place)
    return groups.byteCount
  }

  private static func bytes(_ unscaled: Int128, scale: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    encode(Decimal128(unchecked: unscaled, scale: scale), into: &bytes)
    return bytes
  }

  /// The digits to base 10000 of a number that has at most five of them.
  private struct Groups {
    /// The number in units of the last group that is not zero.
    private var value: UInt64
    private var count = 0
    private var weight = 0

    /// Nil where the digits, filled up to whole groups, pass 64 bits.
    @inline(__always)
    init?(_ unscaled: Int128, scale: Int) {
      guard let magnitude = UInt64(exactly: unscaled.magnitude) else { return nil }
      let missing = (4 - scale & 3) & 3
      let (filled, overflow) = magnitude.multipliedReportingOverflow(by: Self.powers[missing])
      guard !overflow else { return nil }
      value = filled
      guard value > 0 else { return }
      weight = -(scale + missing) / 4
      while value % 10_000 == 0 {
        value /= 10_000
        weight += 1
      }
      var rest = value
      while rest > 0 {
        rest /= 10_000
        count += 1
      }
      weight += count - 1
    }

    private static let powers: [UInt64] = [1, 10, 100, 1_000]

    var byteCount: Int { 8 + 2 * count }

    @inline(__always)
    func write(isNegative: Bool, scale: Int, to place: UnsafeMutableRawPointer) {
      place.storeBytes(of: UInt16(truncatingIfNeeded: count).bigEndian, as: UInt16.self)
      place.storeBytes(of: Int16(truncatingIfNeeded: weight).bigEndian, toByteOffset: 2, as: Int16.self)
      place.storeBytes(
        of: (isNegative ? NumericWire.negative : 0).bigEndian, toByteOffset: 4, as: UInt16.self)
      place.storeBytes(of: UInt16(truncatingIfNeeded: scale).bigEndian, toByteOffset: 6, as: UInt16.self)
      var rest = value
      var end = byteCount
      while end > 8 {
        end -= 2
        place.storeBytes(
          of: UInt16(truncatingIfNeeded: rest % 10_000).bigEndian, toByteOffset: end, as: UInt16.self)
        rest /= 10_000
      }
    }
  }
}
