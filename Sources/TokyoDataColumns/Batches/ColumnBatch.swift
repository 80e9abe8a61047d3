/// Rows in columns: the unit in which everything bulky moves.
///
/// An immutable value over shared buffers: copies are cheap and may cross tasks.
public struct ColumnBatch: Sendable, Equatable {
  /// The columns' names and types.
  public let schema: ColumnSchema
  /// The columns, in the schema's order, all of `rowCount` slots.
  public let columns: [ColumnVector]
  /// How many rows there are.
  public let rowCount: Int

  /// Makes a batch of columns that fit the schema.
  ///
  /// - Throws: `ColumnError.invalidBatch` where number, types or lengths disagree, or where a column that
  ///   is not nullable holds a null.
  public init(schema: ColumnSchema, columns: [ColumnVector], rowCount: Int? = nil) throws(ColumnError) {
    guard schema.count == columns.count else {
      throw ColumnError(.invalidBatch, "\(columns.count) columns for a schema of \(schema.count)")
    }
    let rowCount = rowCount ?? columns.first?.count ?? 0
    for (field, column) in zip(schema.fields, columns) {
      guard column.type == field.type else {
        throw ColumnError(
          .invalidBatch, "a column of type \(column.type) where \(field.type) is due", column: field.name)
      }
      guard column.count == rowCount else {
        throw ColumnError(
          .invalidBatch, "\(column.count) slots in a batch of \(rowCount)", column: field.name)
      }
      guard field.isNullable || column.nullCount == 0 else {
        throw ColumnError(.invalidBatch, "a null in a column that is not nullable", column: field.name)
      }
    }
    self.schema = schema
    self.columns = columns
    self.rowCount = rowCount
  }

  /// A batch without rows.
  public init(empty schema: ColumnSchema) {
    self.schema = schema
    columns = schema.fields.map { field in ColumnBuilder(field.type).finish() }
    rowCount = 0
  }

  /// The column with this name.
  ///
  /// - Throws: `ColumnError.unknownColumn`.
  public func column(_ name: String) throws(ColumnError) -> ColumnVector {
    columns[try schema.requiredIndex(of: name)]
  }

  /// The values of a row, in the schema's order.
  public func row(_ index: Int) -> [ColumnValue] { columns.map { $0[index] } }

  /// The columns with these names, in the order of the names.
  ///
  /// - Throws: `ColumnError.unknownColumn`.
  public func selecting(_ names: [String]) throws(ColumnError) -> ColumnBatch {
    var selected: [ColumnVector] = []
    for name in names { selected.append(try column(name)) }
    return try ColumnBatch(schema: schema.selecting(names), columns: selected, rowCount: rowCount)
  }
}
