/// Chooses how a chunk is encoded, by what a sample of its values takes in each encoding, compressed.
struct EncodingChooser {
  let settings: ChunkSettings

  /// The values that are tried, in two stretches of the chunk.
  private static var sampleCount: Int { 16384 }

  /// The choice, and the sizes that it rests on.
  struct Verdict: Sendable {
    var encoding: ParquetEncoding
    /// The codec that was asked for; without one, none where Snappy would hardly save anything.
    var codec: ParquetCodec
    var reason: String
    var sampledBytes: [ParquetEncoding: Int] = [:]
    /// About the bytes that all pages will take.
    var expectedBytes = 0

    init(_ encoding: ParquetEncoding, _ codec: ParquetCodec, reason: String) {
      self.encoding = encoding
      self.codec = codec
      self.reason = reason
    }
  }

  /// Chooses for values of which there is no dictionary.
  func choose<Values: LeafValues & ~Copyable>(_ values: borrowing Values) throws(ParquetError) -> Verdict {
    guard values.count > 0 else { return Verdict(.plain, settings.codec, reason: "no values") }
    if let forced = settings.encoding {
      guard forced != .rleDictionary else {
        throw ParquetError(.valueOutOfRange, "more distinct values than a dictionary of 256 MiB holds")
      }
      return Verdict(forced, settings.codec, reason: "set in the options")
    }
    var contest = try Contest(settings, valueCount: values.count)
    for encoding in settings.candidates where encoding != .rleDictionary {
      try contest.enter(encoding) { values.encode($0, as: encoding, into: &$1) }
    }
    return contest.verdict()
  }

  /// Chooses between a dictionary and the encodings that go without one.
  func choose<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ dictionary: borrowing LeafDictionary<Values>
  ) throws(ParquetError) -> Verdict {
    if settings.encoding != nil {
      return Verdict(.rleDictionary, settings.codec, reason: "set in the options")
    }
    var contest = try Contest(settings, valueCount: values.count)
    for encoding in settings.candidates {
      if encoding == .rleDictionary {
        let keys = dictionary.keys.count
        let sampledKeys = min(keys, Self.sampleCount / 2)
        let keyBytes = try contest.size { dictionary.keys.encode(0..<sampledKeys, as: .plain, into: &$0) }
        try contest.enter(encoding, besides: keyBytes.scaled(by: Double(keys) / Double(sampledKeys))) {
          dictionary.encodeIndices($0, into: &$1)
        }
      } else {
        try contest.enter(encoding) { values.encode($0, as: encoding, into: &$1) }
      }
    }
    return contest.verdict()
  }

  /// The bytes of a sample, before and after compression.
  private struct Size {
    var encoded = 0.0
    var compressed = 0.0

    func scaled(by factor: Double) -> Size {
      Size(encoded: encoded * factor, compressed: compressed * factor)
    }

    static func + (left: Size, right: Size) -> Size {
      Size(encoded: left.encoded + right.encoded, compressed: left.compressed + right.compressed)
    }
  }

  /// Lets encodings compete on the same sample.
  private struct Contest: ~Copyable {
    /// A later encoding must save this share of what an earlier one takes, and a codec of what encoding
    /// leaves: dictionaries let readers skip row groups, and what is simpler is read faster.
    private static var leastSaving: Double { 1.0 / 64 }

    private let settings: ChunkSettings
    private let windows: [Range<Int>]
    private let scale: Double
    private var best: (encoding: ParquetEncoding, size: Size)?
    private var sampledBytes: [ParquetEncoding: Int] = [:]
    private var body = ByteBuffer()
    private var compressed = ByteBuffer()
    private var compressor: PageCompressor

    init(_ settings: ChunkSettings, valueCount: Int) throws(ParquetError) {
      self.settings = settings
      windows = Self.windows(valueCount)
      scale = Double(valueCount) / Double(windows.reduce(0) { $0 + $1.count })
      compressor = try PageCompressor(settings.codec, level: settings.compressionLevel)
    }

    /// Two stretches, from a quarter and from three quarters on, or all values where these would overlap.
    private static func windows(_ count: Int) -> [Range<Int>] {
      guard count > 2 * sampleCount else { return [0..<count] }
      let half = sampleCount / 2
      return [count / 4..<count / 4 + half, count / 4 * 3..<count / 4 * 3 + half]
    }

    /// Tries an encoding that takes some bytes `besides` those of its values.
    mutating func enter(
      _ encoding: ParquetEncoding, besides: Size = Size(),
      _ encode: (_ values: Range<Int>, _ body: inout ByteBuffer) -> Void
    ) throws(ParquetError) {
      var sampled = Size()
      for window in windows { sampled = sampled + (try size { encode(window, &$0) }) }
      sampledBytes[encoding] = Int(sampled.compressed)
      let total = sampled.scaled(by: scale) + besides
      guard let best, total.compressed >= best.size.compressed * (1 - Self.leastSaving) else {
        best = (encoding, total)
        return
      }
    }

    /// The size of a body before and after compression.
    mutating func size(_ encode: (inout ByteBuffer) -> Void) throws(ParquetError) -> Size {
      body.removeAll()
      compressed.removeAll()
      encode(&body)
      let size = try compressor.compress(body.bytes, into: &compressed)
      return Size(encoded: Double(body.count), compressed: Double(size))
    }

    func verdict() -> Verdict {
      guard let best else { return Verdict(.plain, settings.codec, reason: "no other encoding") }
      let saves = best.size.compressed < best.size.encoded * (1 - Self.leastSaving)
      let codec = saves || settings.isCodecNamed ? settings.codec : .uncompressed
      var verdict = Verdict(best.encoding, codec, reason: "smallest of a sample")
      verdict.sampledBytes = sampledBytes
      verdict.expectedBytes = Int(codec == .uncompressed ? best.size.encoded : best.size.compressed)
      return verdict
    }
  }
}
