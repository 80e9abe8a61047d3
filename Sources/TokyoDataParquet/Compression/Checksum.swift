internal import CZlib

/// The CRC-32 of gzip, with which pages are guarded; zlib's takes a third of the time of ours of eight tables.
enum Checksum {
  static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    // For no memory zlib gives the checksum of nothing, whatever came before.
    guard let start = bytes.baseAddress else { return 0 }
    let checksum = crc32_z(0, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    return UInt32(truncatingIfNeeded: checksum)
  }
}
