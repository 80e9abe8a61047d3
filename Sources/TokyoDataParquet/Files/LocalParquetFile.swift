/// A file of the local file system to read from; its calls block for as long as the disk needs.
public struct LocalParquetFile: ParquetSource {
  private let file: PosixFile
  /// The size of the file when it was opened.
  public let byteCount: Int

  /// Opens a file for reading; it is closed with the last copy of this value.
  ///
  /// - Throws: `ParquetError.fileOperationFailed`.
  public init(path: String) throws(ParquetError) {
    file = try PosixFile.opening(path)
    byteCount = try file.size()
  }

  /// The bytes of a range of the file, read with one call.
  ///
  /// - Throws: `ParquetError.fileOperationFailed`, or `.corrupted` for a range outside of the file.
  public func read(_ range: Range<Int>) throws(ParquetError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else {
      throw .corrupted("bytes outside of the file", offset: range.lowerBound)
    }
    return try file.read(range)
  }
}

/// A new file of the local file system to write into; its calls block for as long as the disk needs.
public struct LocalParquetSink: ParquetSink, Sendable {
  private let file: PosixFile

  /// Creates a file, or empties the one that is there; it is closed with the last copy of this value.
  ///
  /// - Throws: `ParquetError.fileOperationFailed`.
  public init(path: String) throws(ParquetError) { file = try PosixFile.creating(path) }

  /// Appends bytes to the file.
  ///
  /// - Throws: `ParquetError.fileOperationFailed`.
  public mutating func write(_ bytes: [UInt8]) throws(ParquetError) { try file.write(bytes) }

  /// Waits until the disk has what was written.
  ///
  /// - Throws: `ParquetError.fileOperationFailed`.
  public func synchronize() throws(ParquetError) { try file.synchronize() }
}
