internal import TokyoDataCore

/// What `_catalog.json` holds.
struct LocalCatalogDocument: Hashable, Sendable, Codable {
  /// The newest form that this code writes and reads.
  static let currentFormat = 1

  /// One current version, for outside readers.
  struct Current: Hashable, Sendable, Codable {
    var version: VersionID
    var day: Day?
    /// Its folder, relative to the lake.
    var location: String
    var rows: Int
    var bytes: Int
    var rowHash: RowHash
  }

  private(set) var format = Self.currentFormat
  private(set) var dataset: DatasetName
  /// The columns of the files; of older versions only some may be there.
  private(set) var columns: [ColumnField]
  /// The columns that folders carry.
  private(set) var partitionColumns: [String]
  /// What readers should read: one version a day.
  var current: [Current] = []
  /// Every version that may be read by name.
  var partitions: [CatalogPartition] = []

  init(_ dataset: Dataset) {
    self.dataset = dataset.name
    columns = []
    partitionColumns = []
    describe(dataset)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(Int.self, forKey: .format)
    guard format <= Self.currentFormat else {
      throw TokyoDataError(
        .unsupported, "the local catalog has format \(format); this code reads \(Self.currentFormat)")
    }
    dataset = try container.decode(DatasetName.self, forKey: .dataset)
    columns = try container.decode([ColumnField].self, forKey: .columns)
    partitionColumns = try container.decode([String].self, forKey: .partitionColumns)
    current = try container.decode([Current].self, forKey: .current)
    partitions = try container.decode([CatalogPartition].self, forKey: .partitions)
  }

  /// Takes over the dataset's columns as they are now.
  mutating func describe(_ dataset: Dataset) {
    format = Self.currentFormat
    columns = dataset.schema.fields
    if let twin = dataset.microsecondTwin { columns.append(ColumnField(twin, .int64, isNullable: false)) }
    partitionColumns =
      (dataset.isDated ? dataset.policy.partitionColumns.names : []) + [LakeLayout.versionColumn]
  }
}

extension LocalCatalogDocument.Current: Comparable {
  init(_ record: VersionRecord, of dataset: Dataset) {
    version = record.id
    day = dataset.isDated ? record.day : nil
    location = record.location
    rows = record.rowHash.rowCount
    bytes = record.bytes
    rowHash = record.rowHash
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.day?.daysSince1970 ?? 0, left.version) < (right.day?.daysSince1970 ?? 0, right.version)
  }
}

extension CatalogPartition {
  /// The order in which the document lists partitions.
  static func inOrder(_ left: CatalogPartition, _ right: CatalogPartition) -> Bool {
    (left.day?.daysSince1970 ?? 0, left.version) < (right.day?.daysSince1970 ?? 0, right.version)
  }
}
