/// Compression of page bodies, by codec.
enum PageCompression {
  static func requireSupported(_ codec: ParquetCodec) throws(ParquetError) {
    guard codec == .uncompressed || codec == .snappy else {
      throw ParquetError(.unsupportedCodec, "the codec \(codec) is not supported")
    }
  }

  /// Appends the compressed body and gives its size.
  static func compress(
    _ body: UnsafeRawBufferPointer, _ codec: ParquetCodec, into out: inout ByteBuffer
  ) throws(ParquetError) -> Int {
    switch codec {
    case .uncompressed:
      out.append(body)
      return body.count
    case .snappy:
      guard let size = Snappy.compress(body, into: out.reserve(Snappy.maximumSize(body.count))) else {
        throw ParquetError(.valueOutOfRange, "a page too large to be compressed")
      }
      out.commit(size)
      return size
    default:
      throw ParquetError(.unsupportedCodec, "the codec \(codec) is not supported")
    }
  }

  /// The most bytes that `count` compressed bytes can stand for; more is a forged size.
  static func maximumExpansion(of count: Int, _ codec: ParquetCodec) -> Int {
    // Snappy's densest element stands for 64 bytes in 3; the preamble takes up to 5.
    codec == .snappy ? count * 22 + 64 : count
  }

  /// Decompresses a body of a page that states `size` bytes.
  static func decompress(
    _ body: UnsafeRawBufferPointer, _ codec: ParquetCodec, size: Int
  ) throws(ParquetError) -> [UInt8] {
    try requireSupported(codec)
    guard size <= maximumExpansion(of: body.count, codec), codec == .snappy || size == body.count else {
      throw .corrupted("a page of \(body.count) bytes cannot hold \(size)")
    }
    if codec == .uncompressed { return Array(body) }
    // Some writers leave the body out where there are no values.
    if size == 0 { return [] }
    var failure: ParquetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do throws(ParquetError) {
        let target = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size)
        try Snappy.decompress(body, into: target)
        count = size
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
