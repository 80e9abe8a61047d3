/// Takes a document apart, one event after the other.
///
/// Foundation's `XMLParser` is not used: it would link libxml2 into every program, which reads document type
/// definitions and entities that no answer of AWS has and that only an attacker sends. Here a document type
/// is an error, and the entities are the five of XML and numbers.
struct XMLScanner {
  enum Event: Hashable {
    case start(name: String)
    /// A run of characters; one text may come in several.
    case text(String)
    case end
  }

  private let bytes: [UInt8]
  private let limits: XMLLimits
  private var position = 0
  /// The full names of the elements that are open.
  private var open: [ArraySlice<UInt8>] = []
  private var elements = 0
  /// The element just begun was of the form `<a/>`.
  private var isEmptyElement = false

  init(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws {
    guard bytes.count <= limits.bytes else { throw XMLSyntaxError(message: "too long", offset: limits.bytes) }
    self.bytes = bytes
    self.limits = limits
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next event; nil at the end of the document.
  mutating func next() throws -> Event? {
    if isEmptyElement {
      isEmptyElement = false
      open.removeLast()
      return .end
    }
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        if let text = try characters() { return .text(text) }
        continue
      }
      if skip("<!--") {
        _ = try run(until: "-->")
      } else if skip("<?") {
        _ = try run(until: "?>")
      } else if skip("<![CDATA[") {
        let run = try run(until: "]]>")
        guard !open.isEmpty else { throw error("text outside of the element") }
        return .text(try string(run))
      } else if skip("<!") {
        throw error("document types are not read")
      } else if skip("</") {
        return try endTag()
      } else {
        return try startTag()
      }
    }
    guard open.isEmpty, elements > 0 else { throw error("the document ends too early") }
    return nil
  }

  private mutating func startTag() throws -> Event {
    position += 1
    guard !open.isEmpty || elements == 0 else { throw error("a second element after the first") }
    let name = try self.name()
    elements += 1
    guard elements <= limits.elements else { throw error("too many elements") }
    guard open.count < limits.depth else { throw error("too deep") }
    open.append(name)
    while true {
      let isApart = skipSpace()
      if skip("/>") {
        isEmptyElement = true
        break
      }
      if skip(">") { break }
      guard isApart else { throw error("an attribute must stand apart") }
      try attribute()
    }
    let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
    return .start(name: try string(local))
  }

  private mutating func endTag() throws -> Event {
    let name = try self.name()
    skipSpace()
    guard skip(">") else { throw error("an end that does not end") }
    guard open.last == name else { throw error("the end of another element") }
    open.removeLast()
    return .end
  }

  private mutating func attribute() throws {
    _ = try name()
    skipSpace()
    guard skip("=") else { throw error("an attribute without a value") }
    skipSpace()
    guard let quote = position < bytes.count ? bytes[position] : nil,
      quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    else { throw error("an attribute without quotes") }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else {
      throw error("the document ends too early")
    }
    guard !bytes[position..<end].contains(UInt8(ascii: "<")) else { throw error("a tag within an attribute") }
    position = end + 1
  }

  private mutating func name() throws -> ArraySlice<UInt8> {
    let rest = bytes[position...]
    let name = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"),
        UInt8(ascii: "."), 0x80...:
        true
      default: false
      }
    }
    guard !name.isEmpty else { throw error("a name is missing") }
    position = name.endIndex
    return name
  }

  private mutating func skip(_ token: StaticString) -> Bool {
    token.withUTF8Buffer { token in
      guard bytes.count - position >= token.count,
        bytes[position..<(position + token.count)].elementsEqual(token)
      else { return false }
      position += token.count
      return true
    }
  }

  @discardableResult
  private mutating func skipSpace() -> Bool {
    let start = position
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    return position > start
  }

  /// The bytes up to a token, which is passed over.
  private mutating func run(until token: StaticString) throws -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count {
      let end = position
      if skip(token) { return bytes[start..<end] }
      position += 1
    }
    throw error("the document ends too early")
  }

  /// The text up to the next tag; nil for the space around the document.
  private mutating func characters() throws -> String? {
    let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.endIndex
    if open.isEmpty {
      guard bytes[position..<end].allSatisfy(Self.isSpace) else { throw error("text outside of the element") }
      position = end
      return nil
    }
    var text = ""
    while position < end {
      if bytes[position] == UInt8(ascii: "&") {
        text.unicodeScalars.append(try reference(before: end))
      } else {
        let run = bytes[position..<end].prefix { $0 != UInt8(ascii: "&") }
        text += try string(run)
        position = run.endIndex
      }
    }
    return text
  }

  /// `&amp;` and its like. A number may stand for any character but U+0000: S3 writes keys with control
  /// characters so, though XML 1.0 does not allow them.
  private mutating func reference(before end: Int) throws -> Unicode.Scalar {
    let rest = bytes[(position + 1)..<end].prefix(12)
    guard let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) else {
      throw error("a reference that does not end")
    }
    let name = String(decoding: rest[..<semicolon], as: UTF8.self)
    let scalar: Unicode.Scalar?
    switch name {
    case "amp": scalar = "&"
    case "lt": scalar = "<"
    case "gt": scalar = ">"
    case "quot": scalar = "\""
    case "apos": scalar = "'"
    default: scalar = Self.scalar(ofNumber: name)
    }
    guard let scalar else { throw error("an unknown reference") }
    position = semicolon + 1
    return scalar
  }

  private static func scalar(ofNumber name: String) -> Unicode.Scalar? {
    let isHexadecimal = name.hasPrefix("#x")
    guard name.hasPrefix("#") else { return nil }
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
      let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), value != 0
    else { return nil }
    return Unicode.Scalar(value)
  }

  /// Text with the ends of lines as XML has them: a line feed.
  private func string(_ run: ArraySlice<UInt8>) throws -> String {
    guard run.contains(UInt8(ascii: "\r")) else { return try decoded(run) }
    var lines: [UInt8] = []
    for (index, byte) in zip(run.indices, run) {
      if byte != UInt8(ascii: "\r") {
        lines.append(byte)
      } else if index + 1 == run.endIndex || run[index + 1] != UInt8(ascii: "\n") {
        lines.append(UInt8(ascii: "\n"))
      }
    }
    return try decoded(lines)
  }

  private func decoded(_ bytes: some Collection<UInt8>) throws -> String {
    guard let string = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw error("not UTF-8")
    }
    return string
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private func error(_ message: String) -> XMLSyntaxError {
    XMLSyntaxError(message: message, offset: position)
  }
}
