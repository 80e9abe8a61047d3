internal import TokyoDataCore
internal import TokyoDataLake

/// A table as a query names it.
struct AthenaTable: Hashable, Sendable {
  /// The data source; Glue's own where nil.
  var catalog: String?
  var database: String
  var name: String

  /// The table that has a partition for every version of a dataset.
  static func versions(
    of dataset: Dataset, in database: String, catalog: String? = nil
  ) -> AthenaTable {
    AthenaTable(catalog: catalog, database: database, name: LakeTable.name(.versions, of: dataset.name))
  }

  var sql: String {
    [catalog, database, name].compactMap { $0 }.map(AthenaSQL.identifier).joined(separator: ".")
  }
}
