public import TokyoDataCore

/// One way in which a catalog, or what it points at, is not as ledger and manifests say.
public struct CatalogFinding: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  @nonexhaustive
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A table is not there.
    case missingTable
    /// A table of the name is not one of ours, or cannot be made one.
    case foreignTable
    /// A table's columns are not the dataset's: one is missing, added, retyped or in another place.
    case tableColumns
    /// A table's place, format or properties were changed.
    case tableProperties
    /// A version has no partition.
    case missingPartition
    /// A partition is of a version that the ledger does not know.
    case extraPartition
    /// A partition points at another place than its version's folder.
    case wrongLocation
    /// A partition's columns are not those of its files.
    case partitionColumns
    /// A partition's format or properties were changed.
    case partitionProperties
    /// Readers outside of TokyoData do not see a day's current version.
    case notShown
    /// Readers outside of TokyoData see what is not current.
    case wronglyShown
    /// The lake does not have a version's manifest or files as they should be.
    case brokenVersion
  }

  /// What is wrong.
  public var kind: Kind
  /// The table; nil where none is concerned.
  public var table: String?
  /// The version; nil where none is concerned.
  public var version: VersionID?
  /// The day; nil where none is concerned.
  public var day: Day?
  /// What is wrong, in a line.
  public var message: String
  /// A repair mends it; what others made, and what is lost from the lake, it does not.
  public var isRepairable: Bool

  /// Makes a finding.
  public init(
    _ kind: Kind, _ message: String, table: String? = nil, version: VersionID? = nil, day: Day? = nil
  ) {
    self.kind = kind
    self.message = message
    self.table = table
    self.version = version
    self.day = day
    isRepairable = kind != .foreignTable && kind != .brokenVersion
  }

  /// Table, day and version, and what is wrong.
  public var description: String {
    let places = [table, day?.description, version.map { "version \($0)" }].compactMap { $0 }
    return (places.isEmpty ? "" : places.joined(separator: ", ") + ": ") + message
  }
}
