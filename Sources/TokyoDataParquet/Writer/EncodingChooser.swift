/// Chooses how a chunk is encoded, by what a sample of its values takes in each encoding, compressed.
struct EncodingChooser {
  let settings: ChunkSettings

  /// The values that are tried, in two stretches of the chunk.
  private static var sampleCount: Int { 8192 }

  /// The choice, and the sizes that it rests on.
  struct Verdict: Sendable {
    var encoding: ParquetEncoding
    var reason: String
    var sampledBytes: [ParquetEncoding: Int] = [:]
  }

  /// Chooses for values of which there is no dictionary.
  func choose<Values: LeafValues & ~Copyable>(_ values: borrowing Values) throws(ParquetError) -> Verdict {
    guard values.count > 0 else { return Verdict(encoding: .plain, reason: "no values") }
    if let forced = settings.encoding {
      guard forced != .rleDictionary else {
        throw ParquetError(.valueOutOfRange, "more distinct values than a dictionary of 256 MiB holds")
      }
      return Verdict(encoding: forced, reason: "set in the options")
    }
    var contest = try Contest(settings, valueCount: values.count)
    for encoding in settings.candidates where encoding != .rleDictionary {
      try contest.enter(encoding) { values.encode($0, as: encoding, into: &$1) }
    }
    return contest.verdict
  }

  /// Chooses between a dictionary and the encodings that go without one.
  func choose<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ dictionary: borrowing LeafDictionary<Values>
  ) throws(ParquetError) -> Verdict {
    if settings.encoding != nil { return Verdict(encoding: .rleDictionary, reason: "set in the options") }
    var contest = try Contest(settings, valueCount: values.count)
    for encoding in settings.candidates {
      if encoding == .rleDictionary {
        let keys = dictionary.keys.count
        let sampledKeys = min(keys, Self.sampleCount / 2)
        let keyBytes = try contest.size { dictionary.keys.encode(0..<sampledKeys, as: .plain, into: &$0) }
        try contest.enter(encoding, besides: Double(keyBytes) * Double(keys) / Double(sampledKeys)) {
          dictionary.encodeIndices($0, into: &$1)
        }
      } else {
        try contest.enter(encoding) { values.encode($0, as: encoding, into: &$1) }
      }
    }
    return contest.verdict
  }

  /// Lets encodings compete on the same sample.
  private struct Contest: ~Copyable {
    /// A later encoding must save this share of what an earlier one takes: dictionaries let readers skip row
    /// groups, and plain values are decoded by everyone and fastest.
    private static var leastSaving: Double { 1.0 / 32 }

    private(set) var verdict = Verdict(encoding: .plain, reason: "smallest of a sample")
    private let windows: [Range<Int>]
    private let scale: Double
    private var least = Double.infinity
    private var body = ByteBuffer()
    private var compressed = ByteBuffer()
    private var compressor: PageCompressor

    init(_ settings: ChunkSettings, valueCount: Int) throws(ParquetError) {
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
      _ encoding: ParquetEncoding, besides: Double = 0,
      _ encode: (_ values: Range<Int>, _ body: inout ByteBuffer) -> Void
    ) throws(ParquetError) {
      var sampled = 0
      for window in windows { sampled += try size { encode(window, &$0) } }
      verdict.sampledBytes[encoding] = sampled
      let total = Double(sampled) * scale + besides
      if total < least * (1 - Self.leastSaving) { (least, verdict.encoding) = (total, encoding) }
    }

    /// The size of a body after compression.
    mutating func size(_ encode: (inout ByteBuffer) -> Void) throws(ParquetError) -> Int {
      body.removeAll()
      compressed.removeAll()
      encode(&body)
      return try compressor.compress(body.bytes, into: &compressed)
    }
  }
}
