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
