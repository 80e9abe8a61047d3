/// Numbers that a seed decides: SplitMix64, whose constants are the generator's own.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
    return bits ^ bits >> 31
  }

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
