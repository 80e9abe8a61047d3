internal import TokyoDataColumns

/// Values of one width in an encoding of its own, given out as they would lie in PLAIN.
enum PlainStream {
  case int32(DeltaDecoder<Int32>)
  case int64(DeltaDecoder<Int64>)
  case split(ByteStreamSplitDecoder, width: Int)
  case strings(DeltaByteArrayDecoder, length: Int)

  /// Nil where the encoding is none for the type.
  init?(_ page: DataPage, _ type: ParquetPhysicalType, width: Int) throws(ParquetError) {
    let (encoding, range) = (page.encoding, page.values)
    let stream: PlainStream? =
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        switch (encoding, type) {
        case (.deltaBinaryPacked, .int32): .int32(try DeltaDecoder(range, of: bytes))
        case (.deltaBinaryPacked, .int64): .int64(try DeltaDecoder(range, of: bytes))
        case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float),
          (.byteStreamSplit, .double), (.byteStreamSplit, .fixedLengthByteArray):
          .split(try ByteStreamSplitDecoder(width: width, range: range), width: width)
        case (.deltaByteArray, .fixedLengthByteArray):
          .strings(try DeltaByteArrayDecoder(range, of: bytes, fixedLength: width), length: width)
        default: nil
        }
      }
    guard let stream else { return nil }
    self = stream
  }

  /// Decodes the next values to where they are to stay, if that is as they would lie in PLAIN.
  mutating func decode<Value: BitwiseCopyable>(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Value>
  ) throws(ParquetError) {
    switch self {
    case .int32(var decoder) where MemoryLayout<Value>.size == 4:
      try decoder.decode(
        count, of: bytes, into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Int32.self))
      self = .int32(decoder)
    case .int64(var decoder) where MemoryLayout<Value>.size == 8:
      try decoder.decode(
        count, of: bytes, into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Int64.self))
      self = .int64(decoder)
    default:
      try forEachPart(count, of: bytes) { start, part, number in
        UnsafeMutableRawPointer(target + start)
          .copyMemory(from: part, byteCount: number * MemoryLayout<Value>.stride)
      }
    }
  }

  /// Calls `body` with the next values, a part at a time, and where each part begins.
  mutating func forEachPart(
    _ count: Int, of bytes: UnsafeRawBufferPointer,
    _ body: (_ start: Int, UnsafeRawPointer, _ number: Int) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    switch self {
    case .int32(var decoder):
      try inParts(of: Int32.self, count, 1) { (scratch, start, number) throws(ParquetError) in
        try decoder.decode(number, of: bytes, into: scratch)
        try body(start, littleEndian(scratch, number), number)
      }
      self = .int32(decoder)
    case .int64(var decoder):
      try inParts(of: Int64.self, count, 1) { (scratch, start, number) throws(ParquetError) in
        try decoder.decode(number, of: bytes, into: scratch)
        try body(start, littleEndian(scratch, number), number)
      }
      self = .int64(decoder)
    case .split(var decoder, let width):
      guard count <= decoder.count else { throw .corrupted("values end early") }
      try inParts(of: UInt8.self, count, width) { (scratch, start, number) throws(ParquetError) in
        try decoder.decode(number, of: bytes, into: scratch)
        try body(start, scratch, number)
      }
      self = .split(decoder, width: width)
    case .strings(var decoder, let length):
      let most = max(1, min(1024, (64 << 10) / length))
      for start in stride(from: 0, to: count, by: most) {
        let number = min(most, count - start)
        var strings = ByteStrings()
        try decoder.decode(number, of: bytes, into: &strings)
        try strings.bytes.withUnsafeBytesThrowing { (part) throws(ParquetError) in
          if let base = part.baseAddress { try body(start, base, number) }
        }
      }
      self = .strings(decoder, length: length)
    }
  }

  private func inParts<Element: BitwiseCopyable>(
    of _: Element.Type, _ count: Int, _ width: Int,
    _ body: (UnsafeMutablePointer<Element>, _ start: Int, _ number: Int) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    let most = min(count, max(1, min(1024, (64 << 10) / width)))
    try withTemporary(of: Element.self, most * width) { (scratch) throws(ParquetError) in
      for start in stride(from: 0, to: count, by: most) {
        try body(scratch, start, min(most, count - start))
      }
    }
  }

  /// Turns integers into the order of bytes in which they lie in files.
  @inline(__always)
  private func littleEndian<Integer: FixedWidthInteger>(
    _ integers: UnsafeMutablePointer<Integer>, _ count: Int
  ) -> UnsafeRawPointer {
    #if !_endian(little)
      for index in 0..<count { integers[index] = integers[index].littleEndian }
    #endif
    return UnsafeRawPointer(integers)
  }
}
