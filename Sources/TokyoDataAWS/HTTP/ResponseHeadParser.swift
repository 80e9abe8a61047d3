/// Puts a response's head together from the lines that libcurl hands on, and bounds what a server may send.
struct ResponseHeadParser {
  enum Step {
    case more
    /// The head of the final response is whole.
    case whole(HTTPResponse)
    /// Not HTTP, or too much of it.
    case invalid
  }

  private var status: Int?
  private var headers = HTTPHeaders()
  private var length: Int?
  private var isWhole = false
  private var lines = 0
  private(set) var bytes = 0

  /// The length that the final response announces.
  var contentLength: Int? { isWhole ? length : nil }

  /// Takes one line, its end included.
  mutating func add(_ line: UnsafeRawBufferPointer) -> Step {
    bytes += line.count
    lines += 1
    guard bytes <= CurlSizes.headerBytes, lines <= CurlSizes.headerLines else { return .invalid }
    let line = Self.trimmed(line[...])
    if line.starts(with: "HTTP/".utf8) { return begin(with: line) }
    // Trailers are counted, and nothing else: nothing that we speak with needs them.
    if isWhole { return .more }
    guard let status else { return .invalid }
    guard !line.isEmpty else {
      // Informational responses come before the one that counts.
      guard status >= 200 else {
        self.status = nil
        return .more
      }
      isWhole = true
      return .whole(HTTPResponse(status: status, headers: headers))
    }
    return addField(line)
  }

  private mutating func begin(with line: Slice<UnsafeRawBufferPointer>) -> Step {
    let digits = line.drop { $0 != Self.space }.dropFirst().prefix { $0 != Self.space }
    guard digits.count == 3, let status = Int(String(decoding: digits, as: UTF8.self)), status >= 100 else {
      return .invalid
    }
    self.status = status
    headers = HTTPHeaders()
    length = nil
    isWhole = false
    return .more
  }

  private mutating func addField(_ line: Slice<UnsafeRawBufferPointer>) -> Step {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line.first != Self.space, line.first != Self.tab
    else { return .invalid }
    let name = String(decoding: line[..<colon], as: UTF8.self)
    let value = String(
      decoding: line[line.index(after: colon)...].drop { $0 == Self.space || $0 == Self.tab }, as: UTF8.self)
    if name.utf8.count == 14, name.lowercased() == "content-length" {
      // Two lengths leave open where the body ends.
      guard let new = Int(value), new >= 0, length == nil || length == new else { return .invalid }
      length = new
    }
    headers.add(name, value)
    return .more
  }

  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")

  /// Without white space at the end.
  private static func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    var line = line
    while let last = line.last, last == space || last == tab || last == 0x0D || last == 0x0A {
      line.removeLast()
    }
    return line
  }
}
