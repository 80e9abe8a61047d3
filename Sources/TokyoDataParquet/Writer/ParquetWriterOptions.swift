/// How a ``ParquetWriter`` lays out a file.
public struct ParquetWriterOptions: Hashable, Sendable {
  /// How pages are compressed: `.snappy` or `.uncompressed`.
  public var codec = ParquetCodec.snappy
  /// The encoded bytes at which a row group ends; reached about, as it is foretold from what came before.
  public var rowGroupBytes = 64 << 20
  /// The most rows of a row group.
  public var rowGroupRows = Int(Int32.max)
  /// The most bytes of values that are held back until a row group ends; it bounds the writer's memory.
  public var bufferBytes = 256 << 20
  /// The bytes of values, before compression, at which a page ends.
  public var pageBytes = 1 << 20
  /// The most rows of a page.
  public var pageRows = 20_000
  /// The most bytes of a chunk's distinct values for which a dictionary is written.
  public var dictionaryBytes = 1 << 20
  /// The longest text or byte string kept as a bound in statistics; longer ones are cut.
  public var statisticsBytes = 64
  /// Whether pages carry a CRC-32.
  public var writesChecksums = true
  /// The order in which the caller hands in the rows of each row group; recorded, not checked.
  public var sortingColumns: [ParquetSortingColumn] = []

  /// Makes the default options: Snappy, row groups of 64 MiB, pages of 1 MiB or 20,000 rows.
  public init() {}

  func validate(columns: Int) throws(ParquetError) {
    try PageCompression.requireSupported(codec)
    let bounds = [
      ("rowGroupBytes", rowGroupBytes, 1...Int.max), ("rowGroupRows", rowGroupRows, 1...Int(Int32.max)),
      ("bufferBytes", bufferBytes, 1...1 << 30), ("pageBytes", pageBytes, 1...1 << 28),
      ("pageRows", pageRows, 1...Int(Int32.max)), ("dictionaryBytes", dictionaryBytes, 0...1 << 28),
      ("statisticsBytes", statisticsBytes, 1...4096),
    ]
    for (name, value, range) in bounds where !range.contains(value) {
      throw ParquetError(
        .invalidArgument, "\(name) is \(value), but must be \(range.lowerBound) to \(range.upperBound)")
    }
    for sorting in sortingColumns where !(0..<columns).contains(sorting.columnIndex) {
      throw ParquetError(
        .invalidArgument, "the sorting column \(sorting.columnIndex) does not exist among \(columns)")
    }
  }
}
