/// How a ``ParquetFile`` is read.
public struct ParquetReaderOptions: Hashable, Sendable {
  /// Whether pages that carry a CRC-32 are held against it.
  public var verifiesChecksums = true
  /// What reading may cost.
  public var limits = ParquetLimits()

  /// Makes options that verify checksums, with the default limits.
  public init() {}
}

/// What reading a file that may be hostile is allowed to cost.
public struct ParquetLimits: Hashable, Sendable {
  /// The largest footer.
  public var footerBytes = 128 << 20
  /// The largest page, before compression.
  public var pageBytes = 256 << 20
  /// The memory that the values of one column of one batch may always take.
  public var columnBytes = 64 << 20
  /// Beyond ``columnBytes``, how many bytes of values each byte of the chunk in the file may stand for.
  ///
  /// A few bytes can stand for any number of equal values; such row groups are read in smaller batches.
  public var expansion = 1024

  /// Makes the default limits.
  public init() {}

  /// The memory that decoded values of a chunk may take.
  func decodedBytes(of chunk: ParquetColumnChunk) -> Int {
    let (scaled, overflow) = max(0, expansion).multipliedReportingOverflow(by: chunk.encodedBytes)
    let (sum, carry) = scaled.addingReportingOverflow(max(0, columnBytes))
    return overflow || carry ? .max : sum
  }
}
