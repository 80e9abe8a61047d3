/// Takes a file's bytes in order, from its first to its last.
public protocol ParquetSink {
  /// Takes the next bytes; the writer waits until it returns.
  mutating func write(_ bytes: [UInt8]) async throws
}
