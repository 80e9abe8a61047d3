internal import TokyoDataCore
internal import TokyoDataLake

/// One of the two tables by which engines find a dataset, as it should be.
///
/// Both read the same files. The table of versions has a partition for every version; queries that TokyoData
/// makes name the versions they mean. The table of current ones has a partition a day, which `show` points
/// at that day's version: it is for everybody else.
struct LakeTable: Sendable {
  enum Role: String, Sendable {
    case versions
    case current
  }

  let role: Role
  let dataset: Dataset
  /// The folder of the lake, `s3://bucket/prefix/`.
  let root: String
  let columns: [GlueColumn]

  init(_ role: Role, of dataset: Dataset, root: String) throws(TokyoDataError) {
    self.role = role
    self.dataset = dataset
    self.root = root
    columns = try dataset.glueColumns
  }

  var name: String { Self.name(role, of: dataset.name) }

  static func name(_ role: Role, of dataset: DatasetName) -> String {
    switch role {
    case .versions: dataset.description + "_versions"
    case .current: dataset.description
    }
  }

  /// The partition columns; the table of current versions of an undated dataset has none.
  var partitionColumns: [String] {
    let days = dataset.isDated ? dataset.policy.partitionColumns.names : []
    return role == .versions ? days + [LakeLayout.versionColumn] : days
  }

  /// Queries name the day, so Glue need not read the partitions of all days.
  var indexes: [GluePartitionIndex] {
    dataset.isDated
      ? [GluePartitionIndex(keys: dataset.policy.partitionColumns.names, indexName: "by_day")] : []
  }

  /// The table as it should be, with what others added to the one that is there.
  ///
  /// - Throws: `TokyoDataError.conflict` where that one is not ours, or has other partition columns, which
  ///   cannot be changed.
  func table(after there: GlueTable?) throws(TokyoDataError) -> GlueTable {
    let keys = partitionColumns.map { GlueColumn(name: $0, type: "string") }
    var table = there ?? GlueTable(name: name)
    if there != nil {
      guard table.parameters?[GlueParameter.dataset] == dataset.name.description,
        table.parameters?[GlueParameter.role] == role.rawValue
      else {
        throw TokyoDataError(
          .conflict, "the catalog has a table \(name) that TokyoData did not make for this dataset")
      }
      guard (table.partitionKeys ?? []).map({ [$0.name, $0.type] }) == keys.map({ [$0.name, $0.type] }) else {
        throw TokyoDataError(.conflict, "the catalog's table \(name) has other partition columns")
      }
    } else {
      table.partitionKeys = keys
    }
    table.tableType = "EXTERNAL_TABLE"
    table.parameters = (table.parameters ?? [:]).merging(parameters) { _, ours in ours }
    var storage = storage(
      columns: annotated(from: there?.storageDescriptor?.columns ?? []),
      location: there?.storageDescriptor?.location ?? emptyLocation)
    if let added = there?.storageDescriptor?.serdeInfo?.parameters {
      storage.serdeInfo?.parameters?.merge(added) { ours, _ in ours }
    }
    table.storageDescriptor = storage
    return table
  }

  private var parameters: [String: String] {
    [
      "EXTERNAL": "TRUE", "classification": "parquet", "partition_filtering.enabled": "true",
      GlueParameter.dataset: dataset.name.description, GlueParameter.role: role.rawValue,
    ]
  }

  /// The columns with what somebody noted on them.
  private func annotated(from there: [GlueColumn]) -> [GlueColumn] {
    let notes = Dictionary(there.map { ($0.name, $0) }) { first, _ in first }
    return columns.map { column in
      var column = column
      column.comment = notes[column.name]?.comment
      column.parameters = notes[column.name]?.parameters
      return column
    }
  }

  /// Where a table without partitions looks as long as nothing is shown: a folder in which nothing is.
  var emptyLocation: String {
    let folder = root + dataset.name.description + "/"
    return role == .current && !dataset.isDated ? folder + "_none/" : folder
  }

  /// How files at a place are read.
  func storage(columns: [GlueColumn], location: String) -> GlueStorage {
    let package = "org.apache.hadoop.hive.ql.io.parquet"
    return GlueStorage(
      columns: columns, location: location, inputFormat: "\(package).MapredParquetInputFormat",
      outputFormat: "\(package).MapredParquetOutputFormat",
      serdeInfo: GlueSerde(
        serializationLibrary: "\(package).serde.ParquetHiveSerDe",
        parameters: ["serialization.format": "1"]))
  }
}
