/// One message of PostgreSQL's protocol on its way through a proxy.
struct WireMessage: Sendable {
  enum Sender: Sendable {
    case client
    case server
  }

  let sender: Sender
  /// The byte that names its kind, such as `Q`; nil for the first one of a connection.
  let kind: Character?
  /// All of it, kind and length included.
  let bytes: [UInt8]

  /// The message carries this text, such as a statement or a command's tag.
  func contains(_ text: String) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: text.utf8) }
  }

  /// The only message of a connection of its own, which asks to cancel another's statement.
  var isCancelRequest: Bool { kind == nil && bytes.dropFirst(4).starts(with: [0x04, 0xD2, 0x16, 0x2E]) }

  /// A query of this text, however it is sent, or the answer to it.
  func isQuery(_ text: String) -> Bool {
    sender == .client && (kind == "Q" || kind == "P") && contains(text)
  }

  func isCompletion(_ tag: String) -> Bool { sender == .server && kind == "C" && contains(tag) }
}

/// Cuts a stream of bytes into messages.
struct WireSplitter {
  let sender: WireMessage.Sender
  private var bytes: [UInt8] = []
  private var isFirst: Bool

  init(_ sender: WireMessage.Sender) {
    self.sender = sender
    isFirst = sender == .client
  }

  mutating func add(_ more: some Sequence<UInt8>) { bytes += more }

  /// The next message, nil where its end has not come yet.
  mutating func next() -> WireMessage? {
    let prefix = isFirst ? 0 : 1
    guard bytes.count >= prefix + 4 else { return nil }
    let length = bytes[prefix..<prefix + 4].reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= prefix + length else { return nil }
    let message = WireMessage(
      sender: sender, kind: isFirst ? nil : Character(Unicode.Scalar(bytes[0])),
      bytes: Array(bytes[..<(prefix + length)]))
    bytes.removeFirst(prefix + length)
    isFirst = false
    return message
  }
}
