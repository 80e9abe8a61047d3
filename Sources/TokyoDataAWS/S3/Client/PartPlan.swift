/// How large the parts of an upload are.
///
/// S3 takes at most 10,000 parts. Of an object whose size is known each is a 9,000th of it, if that is more
/// than the usual size. Of one whose size is not known the first thousand have the usual size, and the others
/// grow, so that 10,000 hold 5 TiB whatever the usual size is.
struct PartPlan: Hashable, Sendable {
  /// The smallest part that may be followed by another.
  static let smallestPart = 5 << 20
  static let largestPart = 5 << 30
  static let mostParts = 10_000
  /// So much of the 10,000 for an object of known size leaves room where it turns out larger.
  private static let expectedParts = 9_000
  private static let evenParts = 1_000
  /// Bytes for each part of growth, squared: 17 × (1,001² + … + 10,000²) is 5.15 TiB.
  private static let growth = 17

  private let usual: Int
  private let isEven: Bool

  /// - Parameters:
  ///   - partSize: The usual size, brought between the smallest part and a GiB.
  ///   - objectSize: The object's, where it is known.
  init(partSize: Int, objectSize: Int? = nil) {
    let usual = min(max(partSize, Self.smallestPart), 1 << 30)
    isEven = objectSize != nil
    let expected = max(0, objectSize ?? 0)
    let share = expected / Self.expectedParts + (expected % Self.expectedParts == 0 ? 0 : 1)
    self.usual = min(max(usual, share), Self.largestPart)
  }

  /// The size of a part by its number, from 1; the last part of an object may be smaller.
  func size(ofPart number: Int) -> Int {
    guard !isEven, number > Self.evenParts else { return usual }
    let number = min(number, Self.mostParts)
    return min(usual + Self.growth * number * number, Self.largestPart)
  }
}
