internal import Crypto

/// A checksum that S3 keeps with an object, of all its bytes.
struct S3Checksum: Sendable, Hashable {
  enum Algorithm: String, Sendable, CaseIterable {
    case crc32
    case sha256

    var header: String { "x-amz-checksum-\(rawValue)" }
  }

  var algorithm: Algorithm
  /// As S3 writes it, in Base64.
  var text: String

  /// The checksum in the head of an answer; nil where there is none, or one of checksums of parts, which
  /// only those who know the parts can check.
  init?(_ headers: HTTPHeaders) {
    guard headers["x-amz-checksum-type"] != "COMPOSITE" else { return nil }
    for algorithm in Algorithm.allCases {
      guard let text = headers[algorithm.header], !text.contains("-") else { continue }
      self.algorithm = algorithm
      self.text = text
      return
    }
    return nil
  }
}

/// Sums bytes that come in order, and compares.
struct S3ChecksumCheck {
  private let expected: S3Checksum?
  private var crc32 = CRC32()
  private var sha256 = SHA256()

  /// - Parameter expected: Nil to accept whatever comes.
  init(_ expected: S3Checksum?) { self.expected = expected }

  mutating func update(_ bytes: [UInt8]) {
    switch expected?.algorithm {
    case .crc32: crc32.update(bytes)
    case .sha256: sha256.update(data: bytes)
    case nil: break
    }
  }

  /// The bytes so far are what they should be.
  var isMet: Bool {
    switch expected?.algorithm {
    case .crc32: crc32.text == expected?.text
    case .sha256: Base64.text(Array(sha256.finalize())) == expected?.text
    case nil: true
    }
  }
}
