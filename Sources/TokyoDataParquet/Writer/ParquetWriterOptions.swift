/// How a ``ParquetWriter`` lays out a file.
public struct ParquetWriterOptions: Hashable, Sendable {
  /// Which readers the file must suit; what they do not read is refused.
  public var profile = ParquetProfile.athena
  /// How pages are compressed; nil, the default, is Snappy where a sample shows that it is of use.
  ///
  /// Chunks of which Snappy would save less than a sixty-fourth are then left uncompressed, which is faster
  /// to write and to read. A codec that is named compresses every chunk.
  public var codec: ParquetCodec?
  /// The codec's own level, or its default if nil.
  ///
  /// 1–22 for Zstandard, 1–12 for Gzip; Snappy has none.
  public var compressionLevel: Int?
  /// The encoded bytes at which a row group ends; reached about, as it is foretold from what came before.
  ///
  /// Where the footer is about to pass ``footerBytes``, row groups grow to twice as much.
  public var rowGroupBytes = 64 << 20
  /// The most rows of a row group.
  public var rowGroupRows = Int(Int32.max)
  /// The most bytes of values that are held back until a row group ends; it bounds the writer's memory.
  public var bufferBytes = 512 << 20
  /// The size that readers fetch at once when they look for a footer; see ``ParquetWriter/isFull``.
  public var footerBytes = 48 << 10
  /// The size at which a file should end and another begin; see ``ParquetWriter/isFull``.
  public var fileBytes = 512 << 20
  /// The bytes of values, before compression, at which a page ends.
  public var pageBytes = 1 << 20
  /// The most rows of a page.
  public var pageRows = 20_000
  /// The version of data pages, 1 or 2; Athena's profile has 1 only.
  public var pageVersion = 1
  /// The most bytes of a chunk's distinct values for which a dictionary is written.
  public var dictionaryBytes = 2 << 20
  /// The longest text or byte string kept as a bound in statistics; longer ones are cut.
  public var statisticsBytes = 64
  /// Whether pages carry a CRC-32.
  public var writesChecksums = true
  /// Whether the bounds and places of all pages stand before the footer, for readers that skip pages.
  public var writesPageIndex = true
  /// Whether the footer tells how large values are once decoded, and how levels are distributed.
  public var writesSizeStatistics = true
  /// How many columns of a row group are encoded at once.
  public var parallelism = 1
  /// The order in which the caller hands in the rows of each row group; recorded, not checked.
  public var sortingColumns: [ParquetSortingColumn] = []
  /// What is different for some columns, by the dotted path of a leaf: `status`, `tags.list.element`.
  public var columns: [String: ParquetColumnOptions] = [:]

  /// Makes the default options: Athena's profile, Snappy where it is of use, row groups of 64 MiB, pages of 1 MiB or 20,000 rows.
  public init() {}
}

/// How one leaf column of a file is written.
public struct ParquetColumnOptions: Hashable, Sendable {
  /// How values are encoded; chosen by evidence if nil.
  public var encoding: ParquetEncoding?
  /// How pages are compressed; as the file's if nil.
  public var codec: ParquetCodec?
  /// What the column's texts mean.
  public var label: ParquetLabel?
  /// The share of absent values that the bloom filter may let pass, such as 0.01; no filter if nil.
  public var bloomFilterFalsePositives: Double?

  /// Makes options that change nothing.
  public init() {}
}
