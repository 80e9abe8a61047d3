internal import TokyoDataCore

/// The columns of a result: what Athena calls them, and what they become.
struct ResultColumns: Sendable {
  struct Column: Sendable {
    /// As Athena spells it.
    var name: String
    var source: AthenaType
    var field: ColumnField
  }

  let columns: [Column]
  let schema: ColumnSchema

  /// Holds what is expected against what Athena tells of a result.
  ///
  /// - Throws: `TokyoDataError.invalidData` for another number or other names of columns, `.typeMismatch` for types
  ///   that do not go together, `.unsupported` for nested types, each naming the column.
  init(_ told: [AthenaColumn], expected: ColumnSchema?) throws(TokyoDataError) {
    if let expected, expected.count != told.count {
      throw TokyoDataError(
        .invalidData, "a result of \(told.count) columns where \(expected.count) are due",
        context: Self.context)
    }
    var columns: [Column] = []
    for (index, column) in told.enumerated() {
      let source = AthenaType(column)
      let name = column.label ?? column.name
      if let field = expected?.fields[index] {
        // Athena folds names to lower case.
        guard field.name.lowercased() == name.lowercased() else {
          throw TokyoDataError(
            .invalidData, "column \(index + 1) of the result is another one",
            context: Self.context(field.name))
        }
        guard source != .nested else { throw Self.nested(field.name) }
        guard source.canBeRead(as: field.type) else {
          throw TokyoDataError(
            .typeMismatch, "a column of type \(column.type) where \(field.type) is due",
            context: Self.context(field.name))
        }
        columns.append(Column(name: name, source: source, field: field))
      } else {
        guard let type = source.columnType else { throw Self.nested(name) }
        columns.append(Column(name: name, source: source, field: ColumnField(name, type)))
      }
    }
    self.columns = columns
    do throws(ColumnError) { schema = try ColumnSchema(columns.map(\.field)) } catch {
      throw TokyoDataError(error, context: Self.context)
    }
  }

  private static func nested(_ name: String) -> TokyoDataError {
    TokyoDataError(
      .unsupported, "Athena's text for arrays, maps and rows does not say all: they come by UNLOAD only",
      context: context(name))
  }

  static let context = TokyoDataError.Context(store: "athena", operation: "query")

  static func context(_ column: String) -> TokyoDataError.Context {
    TokyoDataError.Context(store: "athena", operation: "query", column: column)
  }
}
