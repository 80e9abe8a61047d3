/// Appends small integers as runs of equal values and bit-packed groups of eight.
///
/// A bit-packed stretch is padded to eight values only at the very end: a reader takes every value of an
/// earlier stretch for real.
func encodeHybrid(_ values: UnsafeBufferPointer<UInt32>, width: Int, into out: inout ByteBuffer) {
  guard let base = values.baseAddress else { return }
  let count = values.count
  var position = 0
  var literalStart = 0
  while count - position >= 8 {
    let first = base[position]
    var difference: UInt32 = 0
    for index in 1..<8 { difference |= first ^ base[position &+ index] }
    guard difference == 0 else {
      position &+= 8
      continue
    }
    var end = position &+ 8
    while end < count, base[end] == first { end &+= 1 }
    appendLiterals(base + literalStart, count: position - literalStart, width: width, into: &out)
    appendRun(first, count: end - position, width: width, into: &out)
    position = end
    literalStart = end
  }
  appendLiterals(base + literalStart, count: count - literalStart, width: width, into: &out)
}

private func appendRun(_ value: UInt32, count: Int, width: Int, into out: inout ByteBuffer) {
  out.append(varint: UInt64(count) << 1)
  for byte in 0..<(width + 7) / 8 { out.append(UInt8(truncatingIfNeeded: value >> UInt32(byte * 8))) }
}

/// `count` is a multiple of eight but for the end of the stream.
private func appendLiterals(
  _ values: UnsafePointer<UInt32>, count: Int, width: Int, into out: inout ByteBuffer
) {
  guard count > 0 else { return }
  let groups = (count + 7) / 8
  out.append(varint: UInt64(groups) << 1 | 1)
  let target = out.reserve(groups * width)
  for group in 0..<count / 8 {
    packGroup(values + group * 8, width: width, into: target + group * width)
  }
  if count % 8 > 0 {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8) { padded in
      padded.initialize(repeating: 0)
      for index in 0..<count % 8 { padded[index] = values[count / 8 * 8 + index] }
      if let start = padded.baseAddress {
        packGroup(start, width: width, into: target + count / 8 * width)
      }
    }
  }
  out.commit(groups * width)
}

/// Appends definition levels of at most 1, which are the validity bits themselves.
func encodeLevels(_ bitmap: Bitmap, _ rows: Range<Int>, into out: inout ByteBuffer) {
  var position = rows.lowerBound
  var literalStart = position
  func isUniform(_ start: Int) -> Bool {
    let byte = bitmap.bits(at: start, length: 8)
    return byte == 0 || byte == 0xff
  }
  while rows.upperBound - position >= 8 {
    guard isUniform(position) else {
      position += 8
      continue
    }
    let bit = bitmap.bits(at: position, length: 1)
    let end = endOfRun(of: bit, in: bitmap, position + 8..<rows.upperBound)
    // A run shorter than three groups is not smaller than the bits that it would interrupt.
    if end - position < 24, end < rows.upperBound || literalStart < position {
      position += 8
      continue
    }
    appendLevelLiterals(bitmap, literalStart..<position, into: &out)
    out.append(varint: UInt64(end - position) << 1)
    out.append(UInt8(bit))
    position = end
    literalStart = end
  }
  appendLevelLiterals(bitmap, literalStart..<rows.upperBound, into: &out)
}

/// Where the run of `bit` that reaches up to the range ends.
private func endOfRun(of bit: UInt64, in bitmap: Bitmap, _ range: Range<Int>) -> Int {
  if bitmap.unsetCount == 0 { return range.upperBound }
  var position = range.lowerBound
  while position < range.upperBound {
    let length = min(64, range.upperBound - position)
    let bits = bitmap.bits(at: position, length: length)
    let equal = (bit == 1 ? ~bits : bits).trailingZeroBitCount
    if equal < length { return position + equal }
    position += length
  }
  return range.upperBound
}

private func appendLevelLiterals(_ bitmap: Bitmap, _ rows: Range<Int>, into out: inout ByteBuffer) {
  guard !rows.isEmpty else { return }
  out.append(varint: UInt64((rows.count + 7) / 8) << 1 | 1)
  for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
    let length = min(8, rows.upperBound - start)
    out.append(UInt8(truncatingIfNeeded: bitmap.bits(at: start, length: length)))
  }
}
