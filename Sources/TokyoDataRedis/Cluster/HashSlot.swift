/// In which of the 16384 slots of a cluster a key is: CRC16 (XMODEM) of the key, or of its hash tag.
enum HashSlot {
  static let count = 16384

  /// Only the part between the first brace and the next closing one counts, so that keys can be put together;
  /// an empty part does not.
  static func of(_ key: [UInt8]) -> Int {
    var hashed = key[...]
    if let open = key.firstIndex(of: UInt8(ascii: "{")),
      let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    {
      hashed = key[(open + 1)..<close]
    }
    return Int(checksum(hashed)) % count
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    bytes.reduce(0) { sum, byte in (sum << 8) ^ table[Int(sum >> 8) ^ Int(byte)] }
  }

  /// The checksum of each byte alone, by the polynomial x¹⁶ + x¹² + x⁵ + 1.
  private static let table: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte) << 8) { sum, _ in
      sum & 0x8000 == 0 ? sum << 1 : (sum << 1) ^ 0x1021
    }
  }
}
