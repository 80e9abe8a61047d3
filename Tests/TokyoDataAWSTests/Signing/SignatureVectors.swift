import Foundation
import Testing

@testable import TokyoDataAWS

/// The published cases for signatures, which lie beside the project and not in it.
struct SignatureVector: Sendable, CustomTestStringConvertible {
  var name: String
  private let folder: String

  var testDescription: String { name }

  /// The folder of folders: in TOKYO_TEST_SHARED, or beside the checkout; nil where the machine has none.
  static var folder: String? {
    if let shared = ProcessInfo.processInfo.environment["TOKYO_TEST_SHARED"] { return shared + "/data/sigv4" }
    var checkout = URL(filePath: #filePath)
    for _ in 0..<4 { checkout.deleteLastPathComponent() }
    let beside = checkout.deletingLastPathComponent().appending(path: "shared/data/sigv4").path
    return FileManager.default.fileExists(atPath: beside) ? beside : nil
  }

  static var areHere: Bool { folder != nil }

  static var all: [SignatureVector] {
    guard let folder else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted()
      .filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/context.json") }
      .map { SignatureVector(name: $0, folder: "\(folder)/\($0)") }
  }

  func text(_ file: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
  }

  func context() throws -> Context {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Context.self, from: Data(contentsOf: URL(filePath: "\(folder)/context.json")))
  }

  struct Context: Decodable {
    struct Credentials: Decodable {
      var accessKeyId: String
      var secretAccessKey: String
      var token: String?
    }
    var credentials: Credentials
    var expirationInSeconds: Int?
    var normalize: Bool
    var region: String
    var service: String
    var signBody: Bool
    var timestamp: String
    var omitSessionToken: Bool?
    var useDoubleUriEncode: Bool?
  }
}

/// A request as the cases write it: a line, headers that may go on in the next line, a body.
struct WrittenRequest {
  var method: HTTPMethod
  var target: Substring
  var headers: [(name: String, value: String)] = []
  var body: String

  struct Malformed: Error {}

  init(_ text: String) throws {
    let halves = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    body = halves.count > 1 ? String(halves[1]) : ""
    let lines = halves[0].split(separator: "\n")
    guard let first = lines.first, let start = first.firstIndex(of: " "), let end = first.lastIndex(of: " "),
      start < end, let method = HTTPMethod(rawValue: String(first[..<start]))
    else { throw Malformed() }
    self.method = method
    target = first[first.index(after: start)..<end]
    for line in lines.dropFirst() {
      if line.hasPrefix(" "), !headers.isEmpty {
        headers[headers.count - 1].value += "\n" + line
      } else if let colon = line.firstIndex(of: ":") {
        headers.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
      }
    }
  }

  var request: HTTPRequest {
    let path = target.prefix { $0 != "?" }
    var request = HTTPRequest(
      method: method, origin: HTTPOrigin(isSecure: true, host: "not.the.header"), path: String(path),
      query: String(target[path.endIndex...].dropFirst()))
    for header in headers { request.headers.add(header.name, header.value) }
    if !body.isEmpty { request.body = .bytes([Array(body.utf8)[...]]) }
    return request
  }

  /// What must be equal: the cases leave open in which order the signer adds its parts.
  static func parts(_ request: HTTPRequest) -> [String] {
    [request.method.rawValue, request.path] + request.query.split(separator: "&").map { "?\($0)" }.sorted()
      + request.headers.fields.map { "\($0.name.lowercased()):\($0.value)" }.sorted()
  }
}
