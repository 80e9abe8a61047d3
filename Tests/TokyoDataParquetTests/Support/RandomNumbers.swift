import TokyoDataColumns

/// Numbers that a seed decides.
struct RandomNumbers: RandomNumberGenerator {
  private var numbers: SplitMix64

  init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

  mutating func next() -> UInt64 { numbers.next() }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }

  /// True once in `odds` times.
  mutating func once(in odds: Int) -> Bool { below(odds) == 0 }

  /// A number of 1 to `limit` whose size, not value, is even: small ones are as likely as large ones.
  mutating func size(upTo limit: Int) -> Int {
    let bits = below(Int.bitWidth - limit.leadingZeroBitCount)
    return min(limit, 1 << bits + below(1 << bits))
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
