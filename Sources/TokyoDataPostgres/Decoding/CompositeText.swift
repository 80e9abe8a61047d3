/// The text forms of values that hold values: arrays, records and `hstore`
/// (PostgreSQL documentation, "Array Input and Output Syntax", "Composite Type Input and Output Syntax").
enum CompositeText {
  /// The elements of `{a,"b",NULL}`; nil for other texts, and for arrays of several dimensions.
  static func array(_ text: String) -> [String?]? {
    var reader = CompositeTextReader(text)
    // The bounds that stand before an array whose first index is not 1.
    if reader.next == UInt8(ascii: "[") {
      guard reader.token(endingAt: "=") != nil, reader.accept("=") else { return nil }
    }
    guard reader.accept("{") else { return nil }
    if reader.accept("}") { return reader.isAtEnd ? [] : nil }
    var elements: [String?] = []
    repeat {
      guard reader.next != UInt8(ascii: "{"), let token = reader.token(endingAt: ",}"), !token.isMissing
      else { return nil }
      elements.append(token.isNull ? nil : token.text)
    } while reader.accept(",")
    return reader.accept("}") && reader.isAtEnd ? elements : nil
  }

  /// The fields of `(a,"b",)`, of which nothing at all stands for NULL; nil for other texts.
  static func record(_ text: String) -> [String?]? {
    var reader = CompositeTextReader(text)
    guard reader.accept("(") else { return nil }
    var fields: [String?] = []
    repeat {
      guard let token = reader.token(endingAt: ",)") else { return nil }
      fields.append(token.isMissing ? nil : token.text)
    } while reader.accept(",")
    return reader.accept(")") && reader.isAtEnd ? fields : nil
  }

  /// The pairs of `"a"=>"1", "b"=>NULL`; nil for other texts.
  static func hstore(_ text: String) -> [(key: String, value: String?)]? {
    var reader = CompositeTextReader(text)
    var pairs: [(key: String, value: String?)] = []
    if reader.isAtEnd { return pairs }
    repeat {
      reader.skipSpaces()
      guard let key = reader.token(endingAt: "="), !key.isMissing, reader.accept("="), reader.accept(">"),
        let value = reader.token(endingAt: ","), !value.isMissing
      else { return nil }
      pairs.append((key.text, value.isNull ? nil : value.text))
    } while reader.accept(",")
    return reader.isAtEnd ? pairs : nil
  }

  /// An array's text, every element in quotes.
  static func array(of elements: [String?]) -> String {
    "{\(elements.map { $0.map(quoted) ?? "NULL" }.joined(separator: ","))}"
  }

  /// A record's text, every field in quotes.
  static func record(of fields: [String?]) -> String {
    "(\(fields.map { $0.map(quoted) ?? "" }.joined(separator: ",")))"
  }

  /// An `hstore`'s text.
  static func hstore(of pairs: [(key: String, value: String?)]) -> String {
    pairs.map { "\(quoted($0.key))=>\($0.value.map(quoted) ?? "NULL")" }.joined(separator: ",")
  }

  // Scalars, not characters: a quote followed by a combining mark is another character but still a quote.
  private static func quoted(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    result.append("\"")
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result.append("\\") }
      result.append(scalar)
    }
    result.append("\"")
    return String(result)
  }
}

/// Reads the tokens of such a text from left to right.
struct CompositeTextReader {
  struct Token {
    var text: String
    /// A part of it stood in quotes, so it is neither NULL nor missing, whatever it says.
    var isQuoted: Bool

    var isNull: Bool { !isQuoted && text.utf8.count == 4 && text.uppercased() == "NULL" }
    var isMissing: Bool { !isQuoted && text.isEmpty }
  }

  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.utf8)[...] }

  var isAtEnd: Bool { rest.isEmpty }
  var next: UInt8? { rest.first }

  mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: scalar) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func skipSpaces() {
    while accept(" ") {}
  }

  /// What stands before the next of the delimiters that is neither quoted nor escaped, or before the end; nil
  /// where a quote is not closed.
  mutating func token(endingAt delimiters: StaticString) -> Token? {
    var bytes: [UInt8] = []
    var isQuoted = false
    var isInQuotes = false
    while let byte = rest.first {
      if byte == UInt8(ascii: "\\") {
        rest.removeFirst()
        guard let escaped = rest.popFirst() else { return nil }
        bytes.append(escaped)
        // An escape says as much as quotes do: this is no NULL.
        isQuoted = true
        continue
      }
      if byte == UInt8(ascii: "\"") {
        rest.removeFirst()
        if isInQuotes, rest.first == UInt8(ascii: "\"") {
          rest.removeFirst()
          bytes.append(UInt8(ascii: "\""))
          continue
        }
        isInQuotes.toggle()
        isQuoted = true
        continue
      }
      if !isInQuotes, delimiters.withUTF8Buffer({ $0.contains(byte) }) { break }
      rest.removeFirst()
      bytes.append(byte)
    }
    guard !isInQuotes, let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return Token(text: text, isQuoted: isQuoted)
  }
}
