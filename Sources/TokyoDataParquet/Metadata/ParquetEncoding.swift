/// How the values of a page are encoded; a number unknown here is kept as it is.
public struct ParquetEncoding: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The format's number.
  public let rawValue: Int32

  /// Makes the encoding with a number of the format.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Values one after the other.
  public static let plain = ParquetEncoding(rawValue: 0)
  /// The older name of dictionary pages and of indices into them.
  public static let plainDictionary = ParquetEncoding(rawValue: 2)
  /// Runs and bit-packed groups of small integers.
  public static let rle = ParquetEncoding(rawValue: 3)
  /// The deprecated bit packing of levels.
  public static let bitPacked = ParquetEncoding(rawValue: 4)
  /// Bit-packed differences of integers.
  public static let deltaBinaryPacked = ParquetEncoding(rawValue: 5)
  /// Lengths as differences, then all bytes.
  public static let deltaLengthByteArray = ParquetEncoding(rawValue: 6)
  /// Shared prefixes, then the rest.
  public static let deltaByteArray = ParquetEncoding(rawValue: 7)
  /// Indices into the chunk's dictionary.
  public static let rleDictionary = ParquetEncoding(rawValue: 8)
  /// Values split into streams of their first, second, … bytes.
  public static let byteStreamSplit = ParquetEncoding(rawValue: 9)

  var isDictionary: Bool { self == .rleDictionary || self == .plainDictionary }

  /// The format's own name, such as `RLE_DICTIONARY`.
  public var description: String {
    switch self {
    case .plain: "PLAIN"
    case .plainDictionary: "PLAIN_DICTIONARY"
    case .rle: "RLE"
    case .bitPacked: "BIT_PACKED"
    case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
    case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
    case .deltaByteArray: "DELTA_BYTE_ARRAY"
    case .rleDictionary: "RLE_DICTIONARY"
    case .byteStreamSplit: "BYTE_STREAM_SPLIT"
    default: "ENCODING_\(rawValue)"
    }
  }
}
