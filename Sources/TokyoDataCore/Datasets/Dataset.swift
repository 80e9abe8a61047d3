/// One logical table: what its columns are, what identifies a row, and how its days move from hot to cold.
///
/// Untyped and `Codable`: the definition in the ledger is the one that counts.
public struct Dataset: Hashable, Sendable {
  /// The newest form of the encoded definition that this code writes and reads.
  public static let currentFormat = 1

  /// The name, unique in its ledger.
  public let name: DatasetName
  /// The columns in the lake's order.
  public let schema: ColumnSchema
  /// The columns that identify a row within its day; empty where nothing does.
  public let primaryKey: [String]
  /// The column whose UTC date is the row's day; nil for an undated dataset.
  public let timeColumn: String?
  /// How days move and how files are laid out.
  public let policy: DatasetPolicy

  /// Makes a dataset.
  ///
  /// - Throws: `TokyoDataError` naming the column: an unknown, nullable or wrongly typed time column, an
  ///   unknown, nullable or repeated key, names that differ only in case, or a partition column's name.
  public init(
    _ name: DatasetName, schema: ColumnSchema, primaryKey: [String], timeColumn: String?,
    policy: DatasetPolicy = DatasetPolicy()
  ) throws(TokyoDataError) {
    self.name = name
    self.schema = schema
    self.primaryKey = primaryKey
    self.timeColumn = timeColumn
    self.policy = policy
    do throws(TokyoDataError) {
      try validateTimeColumn()
      try validateKey()
      try validateNames()
    } catch {
      throw error.adding(.init(dataset: name))
    }
  }

  /// The dataset has a time column, so its days can become cold.
  public var isDated: Bool { timeColumn != nil }

  /// The type of the time column; nil for an undated dataset.
  public var timeType: ColumnType? {
    timeColumn.flatMap { schema.index(of: $0) }.map { schema.fields[$0].type }
  }

  /// The column of the lake that holds the time column's microseconds; nil where days suffice.
  ///
  /// Athena keeps milliseconds only, so `timestamp` columns are stored a second time as 64-bit integers.
  public var microsecondTwin: String? {
    guard let timeColumn, timeType != .date else { return nil }
    return timeColumn + "__us"
  }

  /// The order of rows within a day's files: clustering columns, then the primary key.
  public var rowOrder: [String] {
    policy.clusterBy + primaryKey.filter { !policy.clusterBy.contains($0) }
  }

  /// Changes whenever a column's name, type or place does; files of one fingerprint can be read alike.
  public var schemaFingerprint: String { schema.fingerprint }
}

extension ColumnSchema {
  /// The fingerprint of a dataset with these columns.
  package var fingerprint: String {
    let text = fields.map { "\($0.name):\($0.type)" }.joined(separator: "\n")
    let digits = String(XXH64.hash(Array(text.utf8), seed: 0), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Dataset {
  private func validateTimeColumn() throws(TokyoDataError) {
    guard let timeColumn else { return }
    let field = try field(timeColumn)
    guard !field.isNullable else {
      throw TokyoDataError(
        .invalidArgument, "the time column may not be nullable: a row without time has no day",
        context: .init(column: timeColumn))
    }
    switch field.type {
    case .timestamp, .date: return
    case .localTimestamp:
      guard policy.timeZone != nil else {
        throw TokyoDataError(
          .invalidArgument, "a timestamp without zone needs the dataset's zone to be declared",
          context: .init(column: timeColumn))
      }
    default:
      throw TokyoDataError(
        .typeMismatch, "a time column is a timestamp or a date, not \(field.type)",
        context: .init(column: timeColumn))
    }
  }

  private func validateKey() throws(TokyoDataError) {
    for (index, column) in primaryKey.enumerated() {
      let field = try field(column)
      guard !field.isNullable else {
        throw TokyoDataError(
          .invalidArgument, "a key column may not be nullable", context: .init(column: column))
      }
      guard !primaryKey[..<index].contains(column) else {
        throw TokyoDataError(.invalidArgument, "the key names it twice", context: .init(column: column))
      }
    }
    for column in policy.clusterBy { _ = try field(column) }
  }

  /// Athena folds names to lower case, and folders carry the partition columns.
  private func validateNames() throws(TokyoDataError) {
    guard schema.count > 0 else { throw TokyoDataError(.invalidArgument, "a dataset needs a column") }
    var taken = Set(isDated ? policy.partitionColumns.names : [])
    taken.insert("lake_version")
    if let microsecondTwin { taken.insert(microsecondTwin.lowercased()) }
    for field in schema.fields where field.type.isNested {
      throw TokyoDataError(
        .unsupported, "a dataset has no columns of nested types such as \(field.type)",
        context: .init(column: field.name))
    }
    for field in schema.fields where !taken.insert(field.name.lowercased()).inserted {
      throw TokyoDataError(
        .invalidArgument,
        "the lake folds names to lower case and needs this one for itself or another column; name the "
          + "dataset's partition columns otherwise, or rename the column",
        context: .init(column: field.name))
    }
  }

  private func field(_ name: String) throws(TokyoDataError) -> ColumnField {
    guard let index = schema.index(of: name) else {
      throw TokyoDataError(.unknownColumn, "the dataset has no such column", context: .init(column: name))
    }
    return schema.fields[index]
  }
}
