internal import TokyoDataCore

extension ColumnType {
  /// The type of a table's column in Hive's terms, as Athena reads the files that we write.
  ///
  /// Athena has no type for a time of day, so it is the microseconds since midnight there.
  ///
  /// - Throws: `TokyoDataError.unsupported` for nested types, which no dataset has.
  var hiveType: String {
    get throws(TokyoDataError) {
      switch self {
      case .bool: "boolean"
      case .int8: "tinyint"
      case .int16: "smallint"
      case .int32: "int"
      case .int64, .time: "bigint"
      case .float: "float"
      case .double: "double"
      case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
      case .string: "string"
      case .bytes: "binary"
      case .date: "date"
      case .timestamp, .localTimestamp: "timestamp"
      case .list, .structure, .map:
        throw TokyoDataError(.unsupported, "a dataset has no columns of nested types such as \(self)")
      }
    }
  }
}

extension ColumnSchema {
  /// The columns as a table has them.
  var glueColumns: [GlueColumn] {
    get throws(TokyoDataError) {
      var columns: [GlueColumn] = []
      for field in fields {
        do throws(TokyoDataError) {
          columns.append(GlueColumn(name: field.name.lowercased(), type: try field.type.hiveType))
        } catch {
          throw error.adding(.init(column: field.name))
        }
      }
      return columns
    }
  }
}

extension Dataset {
  /// The columns of this dataset's files as a table has them: its own, then the microseconds of its time.
  var glueColumns: [GlueColumn] {
    get throws(TokyoDataError) {
      var columns: [GlueColumn]
      do throws(TokyoDataError) { columns = try schema.glueColumns } catch {
        throw error.adding(.init(dataset: name))
      }
      if let microsecondTwin {
        columns.append(GlueColumn(name: microsecondTwin.lowercased(), type: "bigint"))
      }
      return columns
    }
  }
}
