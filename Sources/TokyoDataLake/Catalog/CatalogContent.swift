public import TokyoDataCore

/// What a catalog should say of a dataset.
public struct CatalogContent: Hashable, Sendable {
  /// The versions that may be read by name.
  public var versions: [VersionRecord]
  /// Those that readers outside of TokyoData should see.
  public var current: [VersionRecord]
  /// Versions that come or go just now, whose partitions may be there or not.
  public var underway: Set<VersionID>
  /// The columns of the versions' files, as far as their manifests could be read.
  public var schemas: [VersionID: ColumnSchema]

  /// Makes a content.
  public init(
    versions: [VersionRecord], current: [VersionRecord], underway: Set<VersionID> = [],
    schemas: [VersionID: ColumnSchema] = [:]
  ) {
    self.versions = versions
    self.current = current
    self.underway = underway
    self.schemas = schemas
  }
}
