/// Random numbers that a seed repeats.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var numbers: SplitMix64

  package init(seed: UInt64) {
    numbers = SplitMix64(seed: seed)
    // Seeds that lie close together must not give the same numbers a step apart.
    numbers = SplitMix64(seed: numbers.next() ^ (seed << 32))
  }

  package mutating func next() -> UInt64 { numbers.next() }

  package mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  package mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

  package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
