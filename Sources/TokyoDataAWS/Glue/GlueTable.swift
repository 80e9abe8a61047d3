/// A table as Glue describes it; what we neither set nor keep is left out.
struct GlueTable: Hashable, Sendable, Codable {
  var name: String
  var description: String?
  var owner: String?
  var retention: Int?
  var storageDescriptor: GlueStorage?
  var partitionKeys: [GlueColumn]?
  var tableType: String?
  var parameters: [String: String]?
  /// Which version of the table this is: what a conditional change names.
  var versionId: String?

  /// As Glue takes it: a version is given beside the table, not in it.
  var input: GlueTable {
    var copy = self
    copy.versionId = nil
    return copy
  }
}

/// A column, of files or of partitions.
struct GlueColumn: Hashable, Sendable, Codable {
  var name: String
  var type: String?
  var comment: String?
  var parameters: [String: String]?
}

/// Where the files of a table or partition are, and what they hold.
struct GlueStorage: Hashable, Sendable, Codable {
  var columns: [GlueColumn]?
  var location: String?
  var inputFormat: String?
  var outputFormat: String?
  var serdeInfo: GlueSerde?
}

/// The class that reads a format.
struct GlueSerde: Hashable, Sendable, Codable {
  var serializationLibrary: String?
  var parameters: [String: String]?
}

/// A partition of a table.
struct GluePartition: Hashable, Sendable, Codable {
  /// The partition columns' values, in their order.
  var values: [String]
  var storageDescriptor: GlueStorage?
  var parameters: [String: String]?
}

/// Partition columns by which Glue finds partitions without reading them all.
struct GluePartitionIndex: Hashable, Sendable, Codable {
  var keys: [String]
  var indexName: String
}
