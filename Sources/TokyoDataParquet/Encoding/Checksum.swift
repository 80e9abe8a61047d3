/// The CRC-32 of gzip, with which pages are guarded.
enum Checksum {
  // Eight tables let one step take eight bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
      tables[index] = value
    }
    for index in 256..<8 * 256 {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xff)]
    }
    return tables
  }()

  static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var value = ~UInt32(0)
      var position = 0
      while bytes.count &- position >= 8 {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ UInt64(value)
        value =
          tables[7 &* 256 &+ Int(word & 0xff)] ^ tables[6 &* 256 &+ Int(word >> 8 & 0xff)]
          ^ tables[5 &* 256 &+ Int(word >> 16 & 0xff)] ^ tables[4 &* 256 &+ Int(word >> 24 & 0xff)]
          ^ tables[3 &* 256 &+ Int(word >> 32 & 0xff)] ^ tables[2 &* 256 &+ Int(word >> 40 & 0xff)]
          ^ tables[256 &+ Int(word >> 48 & 0xff)] ^ tables[Int(word >> 56)]
        position &+= 8
      }
      while position < bytes.count {
        value = value >> 8 ^ tables[Int((value ^ UInt32(bytes[position])) & 0xff)]
        position &+= 1
      }
      return ~value
    }
  }
}
