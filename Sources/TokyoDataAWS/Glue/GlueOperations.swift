extension AWSOperation {
  /// The operations of Glue that we call.
  static let glue: [AWSOperation] = [
    .getDatabase, .createDatabase, .getTable, .createTable, .updateTable, .deleteTable,
    .getPartitions, .batchGetPartition, .batchCreatePartition, .batchUpdatePartition, .batchDeletePartition,
    .getTableVersions, .batchDeleteTableVersion,
  ]

  static let getDatabase = AWSOperation(.glue, "GetDatabase")
  static let createDatabase = AWSOperation(.glue, "CreateDatabase", .recognized)
  static let getTable = AWSOperation(.glue, "GetTable")
  static let createTable = AWSOperation(.glue, "CreateTable", .recognized)
  /// Always with the version that it changes.
  static let updateTable = AWSOperation(.glue, "UpdateTable", .recognized)
  static let deleteTable = AWSOperation(.glue, "DeleteTable", .recognized)
  static let getPartitions = AWSOperation(.glue, "GetPartitions")
  static let batchGetPartition = AWSOperation(.glue, "BatchGetPartition")
  static let batchCreatePartition = AWSOperation(.glue, "BatchCreatePartition", .recognized)
  static let batchUpdatePartition = AWSOperation(.glue, "BatchUpdatePartition")
  static let batchDeletePartition = AWSOperation(.glue, "BatchDeletePartition", .recognized)
  static let getTableVersions = AWSOperation(.glue, "GetTableVersions")
  static let batchDeleteTableVersion = AWSOperation(.glue, "BatchDeleteTableVersion", .recognized)
}
