/// Why the chunks of a column were encoded as they are.
public struct ParquetEncodingChoice: Hashable, Sendable {
  /// How the values lie in the data pages.
  public var encoding: ParquetEncoding
  /// How the pages are compressed; not at all where no codec was named and Snappy would hardly save anything.
  public var codec: ParquetCodec
  /// Why, in words, such as `smallest of a sample`.
  public var reason: String
  /// What a sample of the values took in each encoding that was tried, compressed, in bytes.
  public var sampledBytes: [ParquetEncoding: Int]
  /// The row groups that this choice holds for, in order.
  public var rowGroups: [Int]
}
