internal import TokyoDataCore

extension ColumnBatch {
  /// The same rows in columns of a schema, by their positions, where every value has its like there.
  ///
  /// - Throws: `TokyoDataError`, naming the column: `.invalidData` for other names, `.typeMismatch` and
  ///   `.valueOutOfRange` for other types and values.
  func fitted(to wanted: ColumnSchema) throws(TokyoDataError) -> ColumnBatch {
    guard schema != wanted else { return self }
    do throws(ColumnError) {
      guard columns.count == wanted.count else {
        throw ColumnError(.invalidBatch, "\(columns.count) columns where \(wanted.count) are due")
      }
      var fitted: [ColumnVector] = []
      for (index, field) in wanted.fields.enumerated() {
        guard schema.fields[index].name.lowercased() == field.name.lowercased() else {
          throw ColumnError(.invalidBatch, "column \(index + 1) is another one", column: field.name)
        }
        do throws(ColumnError) { fitted.append(try columns[index].fitted(to: field.type)) } catch {
          throw error.inColumn(field.name)
        }
      }
      return try ColumnBatch(schema: wanted, columns: fitted, rowCount: rowCount)
    } catch {
      throw TokyoDataError(error, context: ResultColumns.context)
    }
  }
}

extension ColumnVector {
  fileprivate func fitted(to wanted: ColumnType) throws(ColumnError) -> ColumnVector {
    if type == wanted { return self }
    switch (type, wanted) {
    // Athena's timestamps have no zone, and times that it has no type for are counts of microseconds.
    case (.localTimestamp, .timestamp), (.timestamp, .localTimestamp), (.int64, .timestamp),
      (.int64, .localTimestamp), (.int64, .time):
      return ColumnVector(type: wanted, storage: storage, validity: validity)
    default: break
    }
    var builder = ColumnBuilder(wanted)
    builder.reserve(count)
    for slot in 0..<count { try builder.append(self[slot].fitted(to: wanted)) }
    return builder.finish()
  }
}

extension ColumnValue {
  /// The value with the times within it as the type wants them.
  fileprivate func fitted(to wanted: ColumnType) -> ColumnValue {
    switch (self, wanted) {
    case (.localTimestamp(let value), .timestamp):
      .timestamp(Timestamp(microsecondsSince1970: value.microsecondsSince1970))
    case (.timestamp(let value), .localTimestamp):
      .localTimestamp(LocalTimestamp(microsecondsSince1970: value.microsecondsSince1970))
    case (.list(let values), .list(let element)): .list(values.map { $0.fitted(to: element.type) })
    case (.structure(let values), .structure(let fields)) where values.count == fields.count:
      .structure(zip(values, fields).map { $0.fitted(to: $1.type) })
    case (.map(let entries), .map(let key, let value)):
      .map(entries.map { ColumnMapEntry($0.key.fitted(to: key), $0.value.fitted(to: value.type)) })
    default: self
    }
  }
}
