public import TokyoDataCore

/// A lake: objects, the catalog that shows them to engines, and where things lie.
public struct Lake: Sendable {
  /// Where files and manifests are.
  public let objects: any ObjectStore
  /// Where engines find them.
  public let catalog: any TableCatalog
  /// Where things lie among the objects.
  public let layout: LakeLayout

  /// Makes a lake.
  public init(_ objects: any ObjectStore, _ catalog: any TableCatalog, layout: LakeLayout) {
    self.objects = objects
    self.catalog = catalog
    self.layout = layout
  }

  /// Makes a lake below a prefix of the store, or at its root.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a prefix that is no key.
  public init(
    _ objects: any ObjectStore, _ catalog: any TableCatalog, prefix: String = ""
  ) throws(TokyoDataError) {
    self.init(objects, catalog, layout: try LakeLayout(prefix: prefix))
  }
}
