/// Gives out ranges of a file's bytes.
public protocol ParquetSource: Sendable {
  /// The size of the file.
  var byteCount: Int { get async throws }
  /// The bytes of a range that lies within the file.
  func read(_ range: Range<Int>) async throws -> [UInt8]
}
