internal import CDeflate

/// The CRC-32 of gzip, with which pages are guarded; libdeflate takes the processor's own multiplication for it.
package enum Checksum {
  /// The checksum of bytes, or of what was summed up to `checksum` with these bytes behind.
  package static func crc32(_ bytes: UnsafeRawBufferPointer, after checksum: UInt32 = 0) -> UInt32 {
    // For no memory libdeflate gives the checksum of nothing, whatever came before.
    guard let start = bytes.baseAddress else { return checksum }
    return libdeflate_crc32(checksum, start, bytes.count)
  }
}
