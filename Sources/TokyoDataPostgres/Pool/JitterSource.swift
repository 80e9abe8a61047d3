/// Random enough to keep a fleet from acting in step, and the same for the same seed (SplitMix64).
struct JitterSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The duration shortened by a random part of at most this share of it.
  mutating func shortened(_ duration: Duration, byAtMost share: Double) -> Duration {
    guard share > 0 else { return duration }
    return duration * (1 - Double.random(in: 0..<share, using: &self))
  }
}
