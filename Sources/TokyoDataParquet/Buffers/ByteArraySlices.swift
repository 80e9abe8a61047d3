/// Byte strings laid end to end, whose memory is lent for the length of a call.
struct ByteArraySlices {
  /// One more offset than strings.
  let offsets: UnsafeBufferPointer<UInt32>
  let bytes: UnsafeRawBufferPointer

  var count: Int { offsets.count - 1 }

  @inline(__always)
  subscript(index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index &+ 1])])
  }
}
