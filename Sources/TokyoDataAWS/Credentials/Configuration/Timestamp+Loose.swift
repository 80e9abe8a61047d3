internal import TokyoDataCore

extension Timestamp {
  /// Reads the times that credentials come with: ISO 8601, any number of digits of a second, and `Z`, `UTC`,
  /// an offset, or none, which is UTC too.
  init?(loosely text: String) {
    // The longest sensible form has some forty characters; a longer one is not worth looking at.
    guard text.utf8.count <= 64 else { return nil }
    var rest = Substring(text)
    if rest.hasSuffix("UTC") { rest = rest.dropLast(3) + "Z" }
    if let point = rest.utf8.firstIndex(of: UInt8(ascii: ".")) {
      let fraction = rest[rest.utf8.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
      let end = rest.utf8.index(point, offsetBy: 1 + fraction.utf8.count)
      // Timestamps count microseconds: what is finer is cut off.
      rest = rest[..<point] + (fraction.isEmpty ? "" : "." + fraction.prefix(6)) + rest[end...]
    }
    guard let value = Timestamp(String(rest)) ?? Timestamp(rest + "Z") else { return nil }
    self = value
  }
}
