/// Appends byte strings as DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
func encodeDeltaLength(_ values: ByteArraySlices, into out: inout ByteBuffer) {
  let count = max(0, values.count)
  guard count > 0, let offsets = values.offsets.baseAddress else {
    return encodeDelta(count: 0, into: &out) { _ in Int32(0) }
  }
  encodeDelta(count: count, into: &out) {
    Int32(truncatingIfNeeded: offsets[$0 &+ 1] &- offsets[$0])
  }
  let range = Int(offsets[0])..<Int(offsets[count])
  out.append(UnsafeRawBufferPointer(rebasing: values.bytes[range]))
}

/// Appends byte strings as DELTA_BYTE_ARRAY: what each has in common with the one before, then the rest.
func encodeDeltaByteArray(_ values: ByteArraySlices, into out: inout ByteBuffer) {
  guard let offsets = values.offsets.baseAddress else {
    return encodeDeltaByteArray(count: 0, values.bytes, into: &out) { _ in 0 }
  }
  encodeDeltaByteArray(count: max(0, values.count), values.bytes, into: &out) { Int(offsets[$0]) }
}

/// Appends byte strings of one length, which lie end to end, as DELTA_BYTE_ARRAY.
func encodeDeltaByteArray(
  _ bytes: UnsafeRawBufferPointer, fixedLength: Int, count: Int, into out: inout ByteBuffer
) {
  encodeDeltaByteArray(count: count, bytes, into: &out) { $0 &* fixedLength }
}

/// Value `i` are the bytes from `offset(i)` to `offset(i + 1)`.
@inline(__always)
private func encodeDeltaByteArray(
  count: Int, _ bytes: UnsafeRawBufferPointer, into out: inout ByteBuffer, offset: (_ index: Int) -> Int
) {
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, count)) { prefixes in
    guard let prefixes = prefixes.baseAddress else { return }
    prefixes.initialize(to: 0)
    var suffixBytes = 0
    for index in 0..<count {
      let (start, end) = (offset(index), offset(index &+ 1))
      var common = 0
      if index > 0 {
        let previous = offset(index &- 1)
        common = commonPrefix(bytes, previous, start, most: min(start &- previous, end &- start))
      }
      (prefixes + index).initialize(to: Int32(truncatingIfNeeded: common))
      suffixBytes &+= end &- start &- common
    }
    encodeDelta(count: count, into: &out) { prefixes[$0] }
    encodeDelta(count: count, into: &out) {
      Int32(truncatingIfNeeded: offset($0 &+ 1) &- offset($0)) &- prefixes[$0]
    }
    let target = out.reserve(suffixBytes)
    guard let base = bytes.baseAddress else { return }
    var position = 0
    for index in 0..<count {
      let start = offset(index) &+ Int(prefixes[index])
      let length = offset(index &+ 1) &- start
      (target + position).copyMemory(from: base + start, byteCount: length)
      position &+= length
    }
    out.commit(position)
  }
}

/// How many bytes from two places on are equal, at most `most`.
@inline(__always)
private func commonPrefix(
  _ bytes: UnsafeRawBufferPointer, _ first: Int, _ second: Int, most: Int
) -> Int {
  var length = 0
  while length &+ 8 <= most {
    let difference =
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: first &+ length, as: UInt64.self))
      ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: second &+ length, as: UInt64.self))
    if difference != 0 { return length &+ difference.trailingZeroBitCount >> 3 }
    length &+= 8
  }
  while length < most, bytes[first &+ length] == bytes[second &+ length] { length &+= 1 }
  return length
}
