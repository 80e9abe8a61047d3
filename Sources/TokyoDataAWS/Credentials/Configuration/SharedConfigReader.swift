/// Reads the lines of a shared config file one after the other, by the rules of Python's `configparser`,
/// which is what every such file was tried with.
struct SharedConfigReader {
  private var sections: [(name: String, values: SharedConfig.Section)] = []
  private var names: Set<String> = []
  private var number = 0
  /// The key that continuation lines go to.
  private var key: (name: String, line: Int, lines: [String])?
  /// How far its line was indented: what is indented further continues it.
  private var indentation = 0

  mutating func read(_ bytes: ArraySlice<UInt8>) throws(SharedConfig.Problem) {
    number += 1
    guard let text = String(validating: bytes, as: UTF8.self) else { throw problem("not UTF-8") }
    let line = Self.trimmed(text)
    if line.isEmpty {
      key?.lines.append("")
    } else if line.utf8.first == UInt8(ascii: "#") || line.utf8.first == UInt8(ascii: ";") {
      // A comment neither ends nor lengthens a value.
    } else {
      try read(line, indentedBy: text.utf8.prefix { Self.isSpace($0) }.count)
    }
  }

  /// The sections when all lines were read.
  mutating func finish() throws(SharedConfig.Problem) -> [(name: String, values: SharedConfig.Section)] {
    try endKey()
    return sections
  }

  private mutating func read(_ line: String, indentedBy depth: Int) throws(SharedConfig.Problem) {
    if key != nil, depth > indentation {
      key?.lines.append(line)
      return
    }
    indentation = depth
    try endKey()
    if let name = Self.sectionName(line) {
      guard names.insert(name).inserted else { throw problem("a section that is there twice") }
      sections.append((name, [:]))
      return
    }
    guard let last = sections.indices.last else { throw problem("text before the first section") }
    guard let mark = line.utf8.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") })
    else { throw problem("a line without =") }
    let name = Self.trimmed(line[..<mark]).lowercased()
    guard !name.isEmpty else { throw problem("a value without a name") }
    guard sections[last].values[name] == nil else { throw problem("a key that is there twice") }
    key = (name, number, [Self.trimmed(line[line.utf8.index(after: mark)...])])
  }

  /// Joins the lines of the key that has ended.
  private mutating func endKey() throws(SharedConfig.Problem) {
    guard let key, let last = sections.indices.last else { return }
    self.key = nil
    let lines = key.lines.reversed().drop { $0.isEmpty }.reversed()
    if lines.count > 1, lines.first == "" {
      sections[last].values[key.name] = .nested(try Self.nested(lines.dropFirst(), from: key.line))
    } else {
      sections[last].values[key.name] = .text(lines.joined(separator: "\n"))
    }
  }

  private static func nested(
    _ lines: some Sequence<String>, from line: Int
  ) throws(SharedConfig.Problem) -> [String: String] {
    var values: [String: String] = [:]
    for text in lines where !text.isEmpty {
      guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        throw SharedConfig.Problem(line: line, reason: "a line without = in the block below")
      }
      values[trimmed(text[..<mark])] = trimmed(text[text.utf8.index(after: mark)...])
    }
    return values
  }

  /// What stands between `[` and the last `]`; nil for a line that is no such.
  private static func sectionName(_ line: String) -> String? {
    guard line.utf8.first == UInt8(ascii: "["), let end = line.utf8.lastIndex(of: UInt8(ascii: "]")) else {
      return nil
    }
    let start = line.utf8.index(after: line.utf8.startIndex)
    return start < end ? String(line[start..<end]) : nil
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: { !isSpace($0) }),
      let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func problem(_ reason: String) -> SharedConfig.Problem {
    SharedConfig.Problem(line: number, reason: reason)
  }
}
