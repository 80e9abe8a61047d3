/// The 36 characters of a UUID.
enum UUIDText {
  /// Where the hyphens are.
  private static let hyphens: Set<Int> = [8, 13, 18, 23]

  /// Reads the 16 bytes of a UUID; false where the text is none.
  static func parse(
    _ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, at place: Int
  ) -> Bool {
    guard text.count == 36 else { return false }
    var digits = 0
    var byte: UInt8 = 0
    for index in 0..<36 {
      if hyphens.contains(index) {
        guard text[index] == UInt8(ascii: "-") else { return false }
        continue
      }
      guard let digit = hexadecimal(text[index]) else { return false }
      byte = byte << 4 | digit
      digits += 1
      if digits.isMultiple(of: 2) { target[place + digits / 2 - 1] = byte }
    }
    return true
  }

  private static func hexadecimal(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
