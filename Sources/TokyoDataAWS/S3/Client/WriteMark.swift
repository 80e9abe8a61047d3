/// A random text in the metadata of an object, by which its writer knows it again.
///
/// A write with `If-None-Match` whose answer is lost is refused when it is sent again: because of its own
/// object, or of another's. Sizes and checksums cannot tell two writers of equal bytes apart; this can.
struct WriteMark: Sendable, Hashable {
  static let header = "x-amz-meta-tokyodata-write"

  let text: String

  init() {
    let digits = (0..<2).map { _ in String(UInt64.random(in: 1 << 60 ... .max), radix: 16) }
    text = digits.joined()
  }
}
