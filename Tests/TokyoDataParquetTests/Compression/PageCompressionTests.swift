import Testing

@testable import TokyoDataParquet

@Suite("Compression of pages")
struct PageCompressionTests {
  static let codecs: [ParquetCodec] = [.uncompressed, .snappy, .gzip, .zstd]

  static func compressed(_ bytes: [UInt8], _ codec: ParquetCodec, level: Int? = nil) throws -> [UInt8] {
    var compressor = try PageCompressor(codec, level: level)
    return try encoded { out in
      let size = try bytes.withUnsafeBytes { try compressor.compress($0, into: &out) }
      #expect(size == out.count)
    }
  }

  static func decompressed(_ bytes: [UInt8], _ codec: ParquetCodec, size: Int) throws -> [UInt8] {
    var decompressor = try PageDecompressor(codec)
    var result = [UInt8](repeating: 0xee, count: size)
    try result.withUnsafeMutableBytes { target in
      try bytes.withUnsafeBytes {
        try PageCompression.requirePlausible(size, of: $0, codec)
        try decompressor.decompress($0, into: target)
      }
    }
    return result
  }

  static func text(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 * $0) >> 5 & 15 + 65) }
  }

  @Test("every codec keeps bodies of every size", arguments: codecs)
  func keepsBodies(codec: ParquetCodec) throws {
    for size in [0, 1, 7, 100, 4096, 70_000, 300_000] {
      for body in [Self.text(size), [UInt8](repeating: 0, count: size)] {
        let bytes = try Self.compressed(body, codec)
        #expect(try Self.decompressed(bytes, codec, size: size) == body)
        #expect(throws: ParquetError.self) { try Self.decompressed(bytes, codec, size: size + 1) }
        if size > 0 {
          #expect(throws: ParquetError.self) { try Self.decompressed(bytes, codec, size: size - 1) }
        }
      }
    }
  }

  @Test("contexts serve many pages, also after one that failed", arguments: codecs)
  func keepsContexts(codec: ParquetCodec) throws {
    var compressor = try PageCompressor(codec)
    var decompressor = try PageDecompressor(codec)
    for size in [5000, 3, 900] {
      let body = Self.text(size)
      let bytes = try encoded { out in
        _ = try body.withUnsafeBytes { try compressor.compress($0, into: &out) }
      }
      var target = [UInt8](repeating: 0, count: size)
      try target.withUnsafeMutableBytes { target in
        try bytes.withUnsafeBytes { bytes in
          let half = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
          #expect(throws: ParquetError.self) { try decompressor.decompress(half, into: target) }
          try decompressor.decompress(bytes, into: target)
        }
      }
      #expect(target == body)
    }
  }

  @Test("every level of gzip and Zstandard is read back", arguments: [ParquetCodec.gzip, .zstd])
  func keepsLevels(codec: ParquetCodec) throws {
    let body = Self.text(20_000)
    for level in codec == .gzip ? 1...12 : 1...22 {
      let bytes = try Self.compressed(body, codec, level: level)
      #expect(bytes.count < body.count / 2)
      #expect(try Self.decompressed(bytes, codec, size: body.count) == body)
    }
  }

  @Test("levels that a codec does not have are refused")
  func refusesLevels() {
    for (codec, level) in [(ParquetCodec.gzip, 0), (.gzip, 13), (.zstd, 0), (.zstd, 23), (.snappy, 1)] {
      let error = #expect(throws: ParquetError.self) { _ = try PageCompressor(codec, level: level) }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("codecs that are not supported are named", arguments: [ParquetCodec.lzo, .brotli, .lz4, .lz4Raw])
  func namesUnsupportedCodecs(codec: ParquetCodec) {
    let error = #expect(throws: ParquetError.self) { _ = try PageDecompressor(codec) }
    #expect(error?.code == .unsupportedCodec)
    #expect(error?.message.contains("\(codec)") == true)
    #expect(throws: ParquetError.self) { _ = try PageCompressor(codec) }
    #expect(throws: ParquetError.self) { try PageCompression.requireSupported(codec) }
  }

  @Test("a body that was left out stands for no bytes", arguments: codecs)
  func readsMissingBodies(codec: ParquetCodec) throws {
    #expect(try Self.decompressed([], codec, size: 0) == [])
    #expect(throws: ParquetError.self) { try Self.decompressed([], codec, size: 1) }
  }

  @Test("several gzip members are one body; what follows them is not ignored")
  func readsMembers() throws {
    let parts = [Self.text(1000), [], Self.text(10)]
    let bytes = try parts.flatMap { try Self.compressed($0, .gzip) }
    #expect(try Self.decompressed(bytes, .gzip, size: 1010) == parts.flatMap { $0 })
    #expect(throws: ParquetError.self) { try Self.decompressed(bytes + [0], .gzip, size: 1010) }
  }

  @Test("Zstandard's frames may follow each other, and need not state their size")
  func readsFrames() throws {
    let parts = [Self.text(1000), Self.text(10)]
    let bytes = try parts.flatMap { try Self.compressed($0, .zstd) }
    #expect(try Self.decompressed(bytes, .zstd, size: 1010) == parts.flatMap { $0 })
    // A window of 1 KiB and one last, raw block of five bytes.
    let unsized: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 5 << 3 | 1, 0, 0] + Array("Hello".utf8)
    #expect(try Self.decompressed(unsized, .zstd, size: 5) == Array("Hello".utf8))
    #expect(throws: ParquetError.self) { try Self.decompressed(unsized, .zstd, size: 6) }
  }

  @Test("forged sizes are refused before memory is taken", arguments: codecs)
  func refusesForgedSizes(codec: ParquetCodec) throws {
    let bytes = try Self.compressed(Self.text(50), codec)
    try bytes.withUnsafeBytes { bytes in
      for size in [-1, 1 << 29, Int.max] {
        #expect(throws: ParquetError.self) {
          try PageCompression.requirePlausible(size, of: bytes, codec, limit: .max)
        }
      }
      let error = #expect(throws: ParquetError.self) {
        try PageCompression.requirePlausible(50, of: bytes, codec, limit: 49)
      }
      #expect(error?.code == .limitExceeded)
      try PageCompression.requirePlausible(50, of: bytes, codec, limit: 50)
    }
  }

  @Test("the densest body of each codec is not taken for forged", arguments: codecs)
  func allowsDenseBodies(codec: ParquetCodec) throws {
    let body = [UInt8](repeating: 0, count: 8 << 20)
    let bytes = try Self.compressed(body, codec, level: codec == .gzip ? 12 : codec == .zstd ? 19 : nil)
    #expect(body.count <= PageCompression.maximumExpansion(of: bytes.count, codec))
    #expect(PageCompression.maximumExpansion(of: .max, codec) == .max)
  }

  @Test("hostile bodies give errors or bytes", arguments: codecs)
  func survivesHostileBodies(codec: ParquetCodec) throws {
    let bytes = try Self.compressed(Self.text(60), codec)
    let refused = expectErrorsOrValues(bytes) { _ = try Self.decompressed($0, codec, size: 60) }
    #expect(refused >= bytes.count)
  }
}
