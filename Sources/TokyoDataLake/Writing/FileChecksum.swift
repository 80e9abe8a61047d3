internal import TokyoDataCore

/// The checksum of a file whose bytes come piece by piece, as manifests write it.
struct FileChecksum {
  private var stream = XXH64Stream(seed: 0)

  mutating func update(_ bytes: [UInt8]) { stream.update(bytes) }

  /// `xxh64:` and 16 hexadecimal digits.
  var text: String {
    let digits = String(stream.finish(), radix: 16)
    return "xxh64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
