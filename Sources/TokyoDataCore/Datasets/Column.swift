/// A property of a row type and the column that holds it.
public struct Column<Row: Sendable>: Sendable {
  /// The column's name.
  public let name: String
  /// What its values are; nil where neither the property's type nor the definition says.
  public let type: ColumnType?
  /// The property is optional.
  public let isNullable: Bool
  /// The property.
  public let property: any PartialKeyPath<Row> & Sendable
  /// The property's type can stand in such a column.
  let fits: @Sendable (ColumnType) -> Bool
  /// Adds the property of some rows to a column.
  let fill: @Sendable ([Row], inout ColumnBuilder) throws(ColumnError) -> Void

  /// Says which column holds a property; a decimal's precision and scale are needed, other types follow the
  /// property's, and optional properties make nullable columns.
  public init<Value: ColumnRepresentable>(
    _ name: String, _ property: any KeyPath<Row, Value> & Sendable, _ type: ColumnType? = nil
  ) {
    self.name = name
    self.type = type ?? Value.columnType
    isNullable = Value.isNullable
    self.property = property
    fits = { Value.fits($0) }
    fill = { (rows, builder) throws(ColumnError) in
      for row in rows { try builder.append(row[keyPath: property].columnValue) }
    }
  }
}
