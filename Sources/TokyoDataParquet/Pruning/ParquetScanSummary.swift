/// What a scan has read so far, and what it left out.
public struct ParquetScanSummary: Hashable, Sendable {
  /// The row groups that were looked at.
  public var rowGroups = 0
  /// Those of them that bounds and null counts exclude.
  public var rowGroupsExcludedByBounds = 0
  /// Those of them that bloom filters exclude.
  public var rowGroupsExcludedByBloomFilters = 0
  /// Those of them all rows of which pass, as bounds and null counts tell: nothing was compared there.
  public var rowGroupsPassedByBounds = 0
  /// The pages of the filter's columns of which an index was read.
  public var pages = 0
  /// Those of them without a row that the indexes let pass.
  public var pagesExcluded = 0
  /// The rows of the row groups that were not excluded.
  public var rows = 0
  /// The rows for which the filter's columns were decoded and compared.
  public var rowsCompared = 0
  /// The rows that pass.
  public var rowsPassed = 0
  /// The bytes that were asked for, indexes and bloom filters included, the footer not.
  public var bytesRead = 0

  /// Makes a summary of nothing.
  public init() {}
}
