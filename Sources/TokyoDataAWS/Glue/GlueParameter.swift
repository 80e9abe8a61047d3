/// What we write into the parameters of tables and partitions.
enum GlueParameter {
  /// On a table: the dataset that it belongs to; a table without it is not ours.
  static let dataset = "tokyodata.dataset"
  /// On a table: which of the dataset's two it is.
  static let role = "tokyodata.role"
  /// On a partition, or a table without partitions: the version that its files are.
  static let version = "tokyodata.lake_version"
  /// On a partition: the schema that its files have.
  static let fingerprint = "tokyodata.schema_fingerprint"
}
