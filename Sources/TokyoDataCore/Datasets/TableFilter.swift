/// A condition on the rows of a table, made by comparing properties: `\.status == "paid" && \.amount > 5`.
///
/// As in ``Filter``, a comparison with a null property is neither true nor false. Only the literal `nil` is
/// special: `== nil` asks whether the property is null, `!= nil` whether it is not.
public struct TableFilter<Row: DatasetRow>: Hashable, Sendable {
  /// The condition in the terms of every store.
  public let filter: Filter

  private init(_ filter: Filter) {
    self.filter = filter
  }

  init(_ property: PartialKeyPath<Row>, _ comparison: Filter.Comparison, _ value: ColumnValue) {
    let column = ColumnExpression.column(Row.columnName(of: property))
    filter =
      switch (comparison, value) {
      case (.equal, .null): .isNull(column)
      case (.notEqual, .null): .not(.isNull(column))
      default: .compare(column, comparison, .literal(value))
      }
  }

  init(_ left: PartialKeyPath<Row>, _ comparison: Filter.Comparison, with right: PartialKeyPath<Row>) {
    filter = .compare(.column(Row.columnName(of: left)), comparison, .column(Row.columnName(of: right)))
  }

  /// The property is one of these values.
  public static func isIn<Value: ColumnRepresentable>(
    _ property: KeyPath<Row, Value>, _ values: some Sequence<Value>
  ) -> TableFilter {
    TableFilter(.isIn(.column(Row.columnName(of: property)), values.map(\.columnValue)))
  }

  /// The property lies between two values, both included.
  public static func between<Value: ColumnRepresentable>(
    _ property: KeyPath<Row, Value>, _ low: Value, _ high: Value
  ) -> TableFilter {
    TableFilter(
      .between(.column(Row.columnName(of: property)), low.columnValue, high.columnValue))
  }

  /// The property is null.
  public static func isNull(_ property: PartialKeyPath<Row>) -> TableFilter {
    TableFilter(.isNull(.column(Row.columnName(of: property))))
  }

  /// The text begins with another one.
  public static func hasPrefix(_ property: KeyPath<Row, String>, _ prefix: String) -> TableFilter {
    TableFilter(.hasPrefix(.column(Row.columnName(of: property)), prefix))
  }

  /// The text, if there is one, begins with another one.
  public static func hasPrefix(_ property: KeyPath<Row, String?>, _ prefix: String) -> TableFilter {
    TableFilter(.hasPrefix(.column(Row.columnName(of: property)), prefix))
  }

  /// Both hold.
  public static func && (left: TableFilter, right: TableFilter) -> TableFilter {
    TableFilter(left.filter && right.filter)
  }

  /// One holds at least.
  public static func || (left: TableFilter, right: TableFilter) -> TableFilter {
    TableFilter(left.filter || right.filter)
  }

  /// It does not hold.
  public static prefix func ! (filter: TableFilter) -> TableFilter { TableFilter(!filter.filter) }
}
