/// What a scan has read so far, and what it left out.
public struct ParquetScanSummary: Hashable, Sendable {
  /// The row groups that were looked at.
  public var rowGroups = 0
  /// Those of them that bounds and null counts exclude.
  public var rowGroupsExcludedByBounds = 0
  /// Those of them that bloom filters exclude.
  public var rowGroupsExcludedByBloomFilters = 0
  /// The rows of the other row groups.
  public var rows = 0
  /// The rows of pages that may match, for which the filter's columns were decoded.
  public var rowsCompared = 0
  /// The rows that pass.
  public var rowsPassed = 0

  /// Makes a summary of nothing.
  public init() {}
}
