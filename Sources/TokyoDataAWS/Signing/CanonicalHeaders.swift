/// The header fields that a signature covers, in lower case and in order, without superfluous space.
struct CanonicalHeaders: Sendable {
  /// Each on its line.
  let text: String
  /// Their names, with semicolons between them.
  let names: String

  init(_ headers: HTTPHeaders, host: String) {
    var values: [String: String] = [:]
    for field in headers.fields {
      let name = field.name.lowercased()
      guard !Self.unsigned.contains(name) else { continue }
      let value = Self.trimmed(field.value)
      values[name] = values[name].map { "\($0),\(value)" } ?? value
    }
    values["host"] = values["host"] ?? host
    let sorted = values.sorted { $0.key < $1.key }
    text = sorted.map { "\($0.key):\($0.value)\n" }.joined()
    names = sorted.map(\.key).joined(separator: ";")
  }

  /// What proxies and the transport may add or change on the way, and the signature itself.
  private static let unsigned: Set<String> = [
    "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
    "sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version", "te", "trailer",
    "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
  ]

  /// Without space at the ends, with one space for each run of it, ends of lines too.
  private static func trimmed(_ value: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.utf8.count)
    var isApart = false
    for byte in value.utf8 {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        isApart = !bytes.isEmpty
      } else {
        if isApart { bytes.append(0x20) }
        isApart = false
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
