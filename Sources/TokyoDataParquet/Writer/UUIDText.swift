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

  /// Writes the texts of UUIDs of 16 bytes each, end to end.
  static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    for (index, byte) in bytes.enumerated() {
      switch index & 15 {
      case 4, 6, 8, 10: text.append(UInt8(ascii: "-"))
      default: break
      }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }

  /// The text of the 16 bytes of a UUID; nil for another number of bytes.
  static func text(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count == 16 else { return nil }
    var text: [UInt8] = []
    append(bytes, to: &text)
    return text
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
