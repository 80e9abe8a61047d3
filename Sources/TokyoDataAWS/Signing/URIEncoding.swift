/// Percent-encoding as signatures know it: everything but letters, digits and `-._~`, in capitals.
enum URIEncoding {
  static func encode(_ text: String, keepsSlashes: Bool = false) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 { append(byte, to: &encoded, keepsSlashes: keepsSlashes) }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// The bytes that a percent-encoded text stands for; a `%` without two digits stands for itself.
  static func decode(_ text: some StringProtocol) -> [UInt8] {
    var decoded: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "%"), let value = value(of: bytes.prefix(2)) {
        decoded.append(value)
        bytes = bytes.dropFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return decoded
  }

  /// A percent-encoded text in the one form that signatures know.
  static func normalize(_ text: some StringProtocol) -> String {
    var encoded: [UInt8] = []
    for byte in decode(text) { append(byte, to: &encoded, keepsSlashes: false) }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static func append(_ byte: UInt8, to encoded: inout [UInt8], keepsSlashes: Bool) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      encoded.append(byte)
    case UInt8(ascii: "/") where keepsSlashes:
      encoded.append(byte)
    default:
      encoded += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }

  private static func value(of digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 2 else { return nil }
    var value: UInt8 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
        value = value << 4 | ((digit | 0x20) - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }
}
