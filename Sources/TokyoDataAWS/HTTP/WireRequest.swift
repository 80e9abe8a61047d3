/// A request in the words of libcurl, checked: nothing in it can end a line or change where it goes.
struct WireRequest: Sendable {
  let method: HTTPMethod
  let url: String
  /// `name: value`, or `name;` for a header without value, or `name:` for one that libcurl shall not add.
  let headerLines: [String]
  let body: HTTPRequestBody
  /// Nil where no length is announced, as with GET.
  let length: Int?
  let expectsContinue: Bool
  let isResendable: Bool
  let bypassesProxy: Bool

  /// - Throws: `HTTPError.invalidRequest`.
  init(_ request: HTTPRequest) throws(HTTPError) {
    let origin = request.origin
    guard Self.isHost(origin.host), (1...65535).contains(origin.port ?? 1),
      request.path.utf8.first == Self.slash,
      Self.isTarget(request.path, allowing: []), Self.isTarget(request.query, allowing: [UInt8(ascii: "?")])
    else { throw HTTPError(.invalidRequest) }
    method = request.method
    url =
      (origin.isSecure ? "https://" : "http://") + origin.authority + request.path
      + (request.query.isEmpty ? "" : "?" + request.query)
    body = request.body
    let length = request.body.length
    switch request.method {
    case .put, .post: self.length = length
    case .delete: self.length = length > 0 ? length : nil
    case .get, .head:
      guard length == 0 else { throw HTTPError(.invalidRequest) }
      self.length = nil
    }
    guard length >= 0 else { throw HTTPError(.invalidRequest) }
    // libcurl asks for longer bodies only, and knows how to go on where a server refuses the question.
    expectsContinue = request.expectsContinue && length > 1 << 20
    isResendable = request.isResendable
    bypassesProxy = request.bypassesProxy
    headerLines = try Self.lines(of: request, expectsContinue: expectsContinue)
  }

  private static func lines(
    of request: HTTPRequest, expectsContinue: Bool
  ) throws(HTTPError) -> [String] {
    var lines: [String] = []
    for field in request.headers.fields {
      guard isName(field.name), isValue(field.value) else { throw HTTPError(.invalidRequest) }
      switch field.name.lowercased() {
      case "content-length":
        // libcurl announces the length itself.
        guard field.value == String(request.body.length) else { throw HTTPError(.invalidRequest) }
      case "transfer-encoding", "connection", "expect": throw HTTPError(.invalidRequest)
      default: lines.append(field.value.isEmpty ? field.name + ";" : "\(field.name): \(field.value)")
      }
    }
    if !expectsContinue { lines.append("Expect:") }
    if request.headers["accept"] == nil { lines.append("Accept:") }
    return lines
  }
}

extension WireRequest {
  /// Whether it may go over HTTP/2.
  ///
  /// There libcurl 7.88 spends twelve times the processor time on an upload, and a request may fail without
  /// anybody's fault, so it must be one that can begin again.
  var suitsHTTP2: Bool {
    if case .stream = body { return false }
    return isResendable && length ?? 0 <= 64 << 10
  }
}

// MARK: - What may stand where

extension WireRequest {
  private static let slash = UInt8(ascii: "/")

  private static func isHost(_ host: String) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") {
      return host.utf8.count > 2
        && host.utf8.dropFirst().dropLast().allSatisfy {
          isDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20)
        }
    }
    return !host.isEmpty && host.utf8.count <= 255
      && host.utf8.allSatisfy {
        isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: "_")
      }
  }

  /// Visible ASCII without what would end a path or a query.
  private static func isTarget(_ text: String, allowing extra: [UInt8]) -> Bool {
    text.utf8.allSatisfy {
      (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && ($0 != UInt8(ascii: "?") || extra.contains($0))
    }
  }

  private static func isName(_ name: String) -> Bool {
    let marks = "!#$%&'*+-.^_`|~".utf8
    return !name.isEmpty && name.utf8.allSatisfy { isDigit($0) || isLetter($0) || marks.contains($0) }
  }

  private static func isValue(_ value: String) -> Bool {
    value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
