/// How pages are compressed; a number unknown here is kept as it is.
public struct ParquetCodec: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The format's number.
  public let rawValue: Int32

  /// Makes the codec with a number of the format.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Not compressed.
  public static let uncompressed = ParquetCodec(rawValue: 0)
  /// Snappy.
  public static let snappy = ParquetCodec(rawValue: 1)
  /// Gzip.
  public static let gzip = ParquetCodec(rawValue: 2)
  /// LZO.
  public static let lzo = ParquetCodec(rawValue: 3)
  /// Brotli.
  public static let brotli = ParquetCodec(rawValue: 4)
  /// The deprecated LZ4 with Hadoop's frames.
  public static let lz4 = ParquetCodec(rawValue: 5)
  /// Zstandard.
  public static let zstd = ParquetCodec(rawValue: 6)
  /// LZ4 blocks.
  public static let lz4Raw = ParquetCodec(rawValue: 7)

  /// The format's own name, such as `SNAPPY`.
  public var description: String {
    let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "CODEC_\(rawValue)"
  }
}
