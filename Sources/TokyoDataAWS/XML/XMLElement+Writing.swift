extension XMLElement {
  /// The document whose only element this is.
  func document(namespace: String? = nil) -> [UInt8] {
    var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>".utf8)
    write(to: &bytes, namespace: namespace)
    return bytes
  }

  private func write(to bytes: inout [UInt8], namespace: String? = nil) {
    bytes += "<\(name)".utf8
    if let namespace {
      bytes += " xmlns=\"".utf8
      Self.escape(namespace, to: &bytes)
      bytes += "\"".utf8
    }
    bytes += ">".utf8
    if children.isEmpty {
      Self.escape(text, to: &bytes)
    } else {
      for child in children { child.write(to: &bytes) }
    }
    bytes += "</\(name)>".utf8
  }

  /// Control characters are written as numbers, so that a key with a line end arrives as it is.
  private static func escape(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case ..<0x20, 0x7F: bytes += "&#\(byte);".utf8
      default: bytes.append(byte)
      }
    }
  }
}
