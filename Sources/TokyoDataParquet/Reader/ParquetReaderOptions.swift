/// How a ``ParquetFile`` is read.
public struct ParquetReaderOptions: Hashable, Sendable {
  /// What becomes of times of nanoseconds, as columns keep microseconds.
  public struct Nanoseconds: Hashable, Sendable {
    let name: String

    /// A time that is not a whole number of microseconds is an error.
    public static let exact = Nanoseconds(name: "exact")
    /// What is behind the microsecond is cut off.
    public static let truncated = Nanoseconds(name: "truncated")
  }

  /// Whether pages that carry a CRC-32 are held against it.
  public var verifiesChecksums = true
  /// How times of nanoseconds are read; exactly unless said otherwise.
  public var nanoseconds = Nanoseconds.exact
  /// The most rows of a batch, where the call does not say.
  ///
  /// 131,072 rows of a column nearly lie in the cache of a core while they are decoded, and are enough to make
  /// the work for each batch vanish, also that of handing columns to other threads.
  public var batchRows = 131_072
  /// How many columns are decoded at once; the rows are the same for every number.
  ///
  /// Memory does not depend on it: there are always the encoded bytes of one row group's columns, one
  /// decompressed page of each, and one batch.
  public var parallelism = 1
  /// Column chunks, or pages, with no more bytes between them are fetched as one range.
  ///
  /// A request to an object store takes as long as some hundred KiB.
  public var coalescingBytes = 256 << 10
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
