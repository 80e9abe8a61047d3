internal import Crypto

/// What stands for a body in a signature.
struct PayloadDigest: Sendable, Hashable {
  /// Hexadecimal digits, or a word.
  let text: String

  /// Digits that are known already, or a word of S3's.
  init(_ text: String) { self.text = text }

  /// The SHA-256 of bytes.
  init(of pieces: [ArraySlice<UInt8>]) {
    var hash = SHA256()
    for piece in pieces { piece.withUnsafeBytes { hash.update(bufferPointer: $0) } }
    text = Hexadecimal.text(hash.finalize())
  }

  /// Of no body.
  static let empty = PayloadDigest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  /// The body is not part of the signature; only S3 takes this, and only over TLS.
  static let unsigned = PayloadDigest("UNSIGNED-PAYLOAD")
  /// The same, for a body in chunks with its checksum behind it.
  static let unsignedWithTrailer = PayloadDigest("STREAMING-UNSIGNED-PAYLOAD-TRAILER")
}

/// Digits as signatures have them.
enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
