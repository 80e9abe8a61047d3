/// A file in memory, to be written or read.
public struct ParquetBytes: ParquetSource, ParquetSink, Hashable {
  /// The file's bytes.
  public private(set) var bytes: [UInt8]

  /// Holds the bytes of a file, none unless given.
  public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  /// How many bytes there are.
  public var byteCount: Int { bytes.count }

  /// The bytes of a range.
  ///
  /// - Throws: `ParquetError.corrupted` for a range outside of the bytes.
  public func read(_ range: Range<Int>) throws(ParquetError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
      throw .corrupted("bytes outside of the file", offset: range.lowerBound)
    }
    return Array(bytes[range])
  }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
}
