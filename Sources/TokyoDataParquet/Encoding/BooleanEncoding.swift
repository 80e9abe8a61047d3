/// Appends booleans as bits, least significant first.
func encodePlain(_ values: UnsafeBufferPointer<Bool>, into out: inout ByteBuffer) {
  guard let base = values.baseAddress, !values.isEmpty else { return }
  let whole = values.count >> 3
  let rest = values.count & 7
  base.withMemoryRebound(to: UInt8.self, capacity: values.count) { bits in
    pack(bits, groups: whole, width: 1, into: out.reserve(whole + 8))
    out.commit(whole)
    guard rest > 0 else { return }
    var byte: UInt8 = 0
    for index in 0..<rest { byte |= bits[whole &* 8 &+ index] &<< UInt8(truncatingIfNeeded: index) }
    out.append(byte)
  }
}

/// Appends booleans as runs and bit-packed groups, behind their length.
func encodeRuns(_ values: UnsafeBufferPointer<Bool>, into out: inout ByteBuffer) {
  out.append(behindLength: { out in
    values.withMemoryRebound(to: UInt8.self) { encodeHybrid($0, width: 1, into: &out) }
  })
}
