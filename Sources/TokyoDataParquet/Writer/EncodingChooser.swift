/// Chooses how a chunk is encoded, by what a sample of its values takes in each encoding, compressed.
struct EncodingChooser {
  let settings: ChunkSettings

  /// The values that are tried, in two stretches of the chunk.
  private static var sampleCount: Int { 8192 }
  /// A later encoding must save this share of what an earlier one takes: dictionaries let readers skip row
  /// groups, and plain values are decoded by everyone and fastest.
  private static var leastSaving: Double { 1.0 / 32 }

  /// The choice, and the sizes that it rests on.
  struct Verdict {
    var encoding: ParquetEncoding
    var reason: String
    var sampledBytes: [ParquetEncoding: Int] = [:]
  }

  /// Chooses for values of which a dictionary is given if there is one.
  func choose<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ dictionary: borrowing LeafDictionary<Values>?
  ) throws(ParquetError) -> Verdict {
    let candidates = settings.candidates
    if let forced = settings.encoding {
      guard forced == .rleDictionary, dictionary == nil, values.count > 0 else {
        return Verdict(encoding: values.count > 0 ? forced : .plain, reason: "set in the options")
      }
      throw ParquetError(.valueOutOfRange, "more distinct values than dictionaryBytes allow")
    }
    guard values.count > 0 else { return Verdict(encoding: .plain, reason: "no values") }
    let windows = Self.windows(values.count)
    let scale = Double(values.count) / Double(windows.reduce(0) { $0 + $1.count })
    var trial = try Trial(settings)
    var verdict = Verdict(encoding: .plain, reason: "smallest of a sample")
    var least = Double.infinity
    for encoding in candidates {
      let total: Double
      if encoding == .rleDictionary {
        switch dictionary {
        case .some(let dictionary):
          let sampled = try trial.size(windows) { dictionary.encodeIndices($0, into: &$1) }
          verdict.sampledBytes[encoding] = sampled
          total = Double(sampled) * scale + Double(try trial.dictionarySize(dictionary))
        case .none: continue
        }
      } else {
        let sampled = try trial.size(windows) { values.encode($0, as: encoding, into: &$1) }
        verdict.sampledBytes[encoding] = sampled
        total = Double(sampled) * scale
      }
      if total < least * (1 - Self.leastSaving) {
        least = total
        verdict.encoding = encoding
      }
    }
    return verdict
  }

  /// Two stretches, a quarter from each end, or all where there is less.
  private static func windows(_ count: Int) -> [Range<Int>] {
    guard count > sampleCount else { return [0..<count] }
    let half = sampleCount / 2
    return [count / 4..<count / 4 + half, count / 4 * 3..<count / 4 * 3 + half]
  }

  /// Encodes and compresses into memory that it uses again.
  private struct Trial: ~Copyable {
    private var body = ByteBuffer()
    private var compressed = ByteBuffer()
    private var compressor: PageCompressor

    init(_ settings: ChunkSettings) throws(ParquetError) {
      compressor = try PageCompressor(settings.codec, level: settings.compressionLevel)
    }

    mutating func size(
      _ windows: [Range<Int>], _ encode: (Range<Int>, inout ByteBuffer) -> Void
    ) throws(ParquetError) -> Int {
      var total = 0
      for window in windows {
        body.removeAll()
        compressed.removeAll()
        encode(window, &body)
        total += try compressor.compress(body.bytes, into: &compressed)
      }
      return total
    }

    /// What the dictionary's page takes, foretold from its first values.
    mutating func dictionarySize<Keys: LeafValues & ~Copyable>(
      _ dictionary: borrowing LeafDictionary<Keys>
    ) throws(ParquetError) -> Int {
      let count = dictionary.keys.count
      let sampled = min(count, 4096)
      body.removeAll()
      compressed.removeAll()
      dictionary.keys.encode(0..<sampled, as: .plain, into: &body)
      let size = try compressor.compress(body.bytes, into: &compressed)
      return Int(Double(size) * Double(count) / Double(max(sampled, 1)))
    }
  }
}
