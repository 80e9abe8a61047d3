public import TokyoDataCore

/// The catalog through which engines find versions: a partition for each, and a view of the current ones.
///
/// Contract, a case of `TableCatalogConformance` for each sentence:
/// - An added partition reads back as it was added.
/// - A partition that was not added does not read back.
/// - Adding the same partition again changes nothing.
/// - Adding another partition of the same version is a `conflict` and changes nothing.
/// - Partitions of two datasets do not touch each other.
/// - A removed partition does not read back.
/// - Removing what is absent succeeds.
/// - The current versions are exactly those last shown.
/// - Showing versions changes no partition.
/// - A removed partition is no longer current.
/// - A catalog that says what it should has no findings, and repairing it changes nothing.
/// - What is missing, and what nobody knows, is found, and gone after a repair.
/// - What is dropped is no longer there, and dropping it again succeeds.
public protocol TableCatalog: Sendable {
  /// A short name for plans and errors, such as `local` or `glue`.
  var name: String { get }

  /// Adds partitions, and the dataset's table where it is missing.
  ///
  /// All of them are there afterwards, or the call throws and may be repeated.
  ///
  /// - Throws: `TokyoDataError.conflict` where a version's partition is there and says otherwise.
  func add(_ partitions: [CatalogPartition], of dataset: Dataset) async throws

  /// Reads back the partitions of some versions; those that are not there are left out.
  func partitions(of versions: [VersionRecord], in dataset: Dataset) async throws -> [CatalogPartition]

  /// Removes the partitions of versions.
  func remove(_ versions: [VersionRecord], of dataset: Dataset) async throws

  /// Makes these versions, and no others, what readers outside of TokyoData see of the dataset.
  ///
  /// It follows the ledger: it is called after a publish, and again by the next run if that one was killed.
  func show(_ current: [VersionRecord], of dataset: Dataset) async throws

  /// The versions that readers outside of TokyoData see of the dataset, by day.
  func shown(of dataset: Dataset) async throws -> [VersionID]

  /// Finds how the catalog differs from what it should say of a dataset; nothing is changed.
  func findings(on dataset: Dataset, expecting content: CatalogContent) async throws -> [CatalogFinding]

  /// Brings the catalog to what it should say of a dataset, as far as findings are repairable.
  ///
  /// Alone here a partition that was added is changed: to what its version has always been. Files are neither
  /// read nor changed.
  ///
  /// - Throws: `TokyoDataError.conflict` where something of the dataset's name is not ours.
  func repair(_ dataset: Dataset, to content: CatalogContent) async throws

  /// Removes all that the catalog says of a dataset; the files stay, and a repair makes it anew.
  ///
  /// - Throws: `TokyoDataError.conflict` where something of the dataset's name is not ours; it stays.
  func drop(_ dataset: Dataset) async throws
}

/// What a catalog says of one version.
///
/// It is added once and never changed, but for a repair of what somebody else changed.
public struct CatalogPartition: Hashable, Sendable, Codable {
  /// The version.
  public var version: VersionID
  /// Its day; nil for an undated dataset.
  public var day: Day?
  /// Its folder, relative to the lake.
  public var location: String
  /// The schema that its files have.
  public var schemaFingerprint: String

  /// Makes a partition.
  public init(version: VersionID, day: Day?, location: String, schemaFingerprint: String) {
    self.version = version
    self.day = day
    self.location = location
    self.schemaFingerprint = schemaFingerprint
  }

  /// Makes the partition of a version.
  public init(_ record: VersionRecord, of dataset: Dataset) {
    self.init(
      version: record.id, day: dataset.isDated ? record.day : nil, location: record.location,
      schemaFingerprint: record.schemaFingerprint)
  }
}
