/// Shorter byte strings that still bound a long one.
enum BoundTruncation {
  /// The longest prefix of at most `limit` bytes, which is never greater; whole characters of text.
  static func lower(_ bytes: [UInt8], limit: Int, isText: Bool) -> [UInt8]? {
    let prefix = Array(bytes.prefix(limit))
    return isText ? wholeCharacters(prefix) : prefix
  }

  /// A string of at most `limit` bytes that is greater, or nil where there is none.
  static func upper(_ bytes: [UInt8], limit: Int, isText: Bool) -> [UInt8]? {
    var prefix = Array(bytes.prefix(limit))
    if isText {
      guard let text = wholeCharacters(prefix) else { return nil }
      return incrementedText(text, limit: limit)
    }
    while let last = prefix.popLast() {
      if last < 0xff { return prefix + [last + 1] }
    }
    return nil
  }

  /// The text without a last character that was cut, or nil where it is not UTF-8.
  private static func wholeCharacters(_ bytes: [UInt8]) -> [UInt8]? {
    for cut in 0..<min(4, bytes.count) {
      let shorter = Array(bytes.dropLast(cut))
      if String(validating: shorter, as: UTF8.self) != nil { return shorter }
    }
    return nil
  }

  private static func incrementedText(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    while let last = scalars.popLast() {
      // The scalar behind U+D7FF is U+E000: surrogates are no characters.
      let next = last.value == 0xd7ff ? 0xe000 : last.value + 1
      guard let greater = Unicode.Scalar(next) else { continue }
      let text = (scalars + [greater]).flatMap { Array(String(Character($0)).utf8) }
      if text.count <= limit { return text }
    }
    return nil
  }
}
