public import TokyoDataLake

/// What a check or a repair of a catalog found.
public struct CatalogReport: Hashable, Sendable {
  /// The dataset.
  public let dataset: DatasetName
  /// What was not as it should be, before anything was changed.
  public let found: [CatalogFinding]
  /// What is not as it should be now.
  public let left: [CatalogFinding]
}
