/// Foretells from how a dictionary has grown that it will get too many keys, long before it has them.
///
/// Where as many new keys come from the second half of the values as from the first, the values are drawn
/// from so many that the end is known: for a uniform draw of n values from d, the ratio of the two is
/// e^(−n/2d), and above 0.9 there are more than four times as many values to draw as were seen.
struct DictionaryForecast {
  /// Values are looked up in blocks of this size, between which the dictionary's table may grow.
  static var block: Int { 1024 }
  /// What it multiplies keys by, drawn anew in each process: nobody can prepare values that all collide, and
  /// as keys are numbered by their first occurrence the file does not depend on it.
  static let multiplier = UInt64.random(in: .min ... .max) | 1

  private let valueCount: Int
  private let maximumKeys: Int
  private var checkpoint = 32_768
  private var keysBefore: Int?

  init(of valueCount: Int, maximumKeys: Int) {
    self.valueCount = valueCount
    self.maximumKeys = maximumKeys
  }

  /// Whether to give up with so many keys among the values so far; asked after every block.
  mutating func isHopeless(_ keys: Int, after values: Int) -> Bool {
    if keys > maximumKeys { return true }
    guard values == checkpoint else { return false }
    checkpoint *= 2
    let before = keysBefore
    keysBefore = keys
    guard let before else { return false }
    let grown = keys - before
    let projected = Double(keys) + Double(grown) * Double(valueCount - values) / Double(values / 2)
    return Double(grown) > 0.9 * Double(before) && projected > Double(maximumKeys)
  }
}
