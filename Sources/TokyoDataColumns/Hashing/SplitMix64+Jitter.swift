/// Random enough to keep a fleet from acting in step, and the same for the same seed.
extension SplitMix64 {
  /// The duration shortened by a random part of at most this share of it.
  package mutating func shortened(_ duration: Duration, byAtMost share: Double) -> Duration {
    guard share > 0 else { return duration }
    return duration * (1 - Double.random(in: 0..<share, using: &self))
  }
}
