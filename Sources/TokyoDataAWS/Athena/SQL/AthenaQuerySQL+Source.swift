internal import TokyoDataCore

extension AthenaQuerySQL {
  /// The table, with nulls for the columns of the query that are younger than all of the versions.
  ///
  /// The table in the catalog learns of a column with the first version that has it; before that, naming it would be
  /// an error.
  ///
  /// - Throws: `TokyoDataError.unsupported` for such a column whose values are nested.
  func source(of slices: [AthenaSlice]) throws(TokyoDataError) -> String {
    let names = query.columnsRead.filter { name in slices.allSatisfy { $0.version.record.isOlder(than: name) }
    }
    guard !names.isEmpty else { return table.sql }
    var nulls: [String] = []
    for name in names {
      guard let index = query.dataset.schema.index(of: name) else { continue }
      let type = query.dataset.schema.fields[index].type
      switch type {
      case .list, .structure, .map:
        throw TokyoDataError(
          .unsupported, "no version has the nested column yet",
          context: .init(store: "athena", dataset: query.dataset.name, column: name))
      default: nulls.append("\(AthenaSQL.null(type)) AS \(AthenaSQL.column(name))")
      }
    }
    return "(SELECT t.*, \(nulls.joined(separator: ", ")) FROM \(table.sql) AS t)"
  }
}

extension VersionRecord {
  /// The version was written before the column came into being; unknown where nothing is known of its columns.
  fileprivate func isOlder(than column: String) -> Bool {
    !summary.columns.isEmpty && summary.columns[column] == nil
  }
}
