/// What a collection deleted.
public struct CollectReport: Sendable, Codable {
  /// The dataset.
  public var dataset: DatasetName
  /// Nothing was deleted: the report says what would have been.
  public var isDryRun: Bool
  /// The versions whose files are gone, or would be.
  public var versions: [VersionID]
}
