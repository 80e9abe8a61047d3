internal import CDeflate

/// The CRC-32 of gzip, with which pages are guarded; libdeflate takes the processor's own multiplication for it.
enum Checksum {
  static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    // For no memory libdeflate gives the checksum of nothing, whatever came before.
    guard let start = bytes.baseAddress else { return 0 }
    return libdeflate_crc32(0, start, bytes.count)
  }
}
