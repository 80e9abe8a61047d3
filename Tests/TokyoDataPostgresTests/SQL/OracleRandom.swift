import TokyoDataCore

/// Random numbers that a seed repeats.
struct OracleRandom: RandomNumberGenerator {
  private var numbers: SplitMix64

  init(seed: UInt64) {
    numbers = SplitMix64(seed: seed)
    // Seeds that lie close together must not give the same numbers a step apart.
    numbers = SplitMix64(seed: numbers.next() ^ (seed << 32))
  }

  mutating func next() -> UInt64 { numbers.next() }

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
