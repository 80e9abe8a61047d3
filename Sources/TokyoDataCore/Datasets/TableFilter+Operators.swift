extension KeyPath where Root: DatasetRow, Value: ColumnRepresentable {
  /// The property equals the value; for nil, it is null.
  public static func == (property: KeyPath<Root, Value>, value: Value) -> TableFilter<Root> {
    TableFilter(property, .equal, value.columnValue)
  }

  /// The first property equals the second.
  public static func == (left: KeyPath<Root, Value>, right: KeyPath<Root, Value>) -> TableFilter<Root> {
    TableFilter(left, .equal, with: right)
  }

  /// The property is not equal to the value; for nil, it is not null.
  public static func != (property: KeyPath<Root, Value>, value: Value) -> TableFilter<Root> {
    TableFilter(property, .notEqual, value.columnValue)
  }

  /// The first property is not equal to the second.
  public static func != (left: KeyPath<Root, Value>, right: KeyPath<Root, Value>) -> TableFilter<Root> {
    TableFilter(left, .notEqual, with: right)
  }

  /// The property is below the value.
  public static func < (property: KeyPath<Root, Value>, value: Value) -> TableFilter<Root> {
    TableFilter(property, .less, value.columnValue)
  }

  /// The first property is below the second.
  public static func < (left: KeyPath<Root, Value>, right: KeyPath<Root, Value>) -> TableFilter<Root> {
    TableFilter(left, .less, with: right)
  }

  /// The property is at most the value.
  public static func <= (property: KeyPath<Root, Value>, value: Value) -> TableFilter<Root> {
    TableFilter(property, .lessOrEqual, value.columnValue)
  }

  /// The first property is at most the second.
  public static func <= (left: KeyPath<Root, Value>, right: KeyPath<Root, Value>) -> TableFilter<Root> {
    TableFilter(left, .lessOrEqual, with: right)
  }

  /// The property is above the value.
  public static func > (property: KeyPath<Root, Value>, value: Value) -> TableFilter<Root> {
    TableFilter(property, .greater, value.columnValue)
  }

  /// The first property is above the second.
  public static func > (left: KeyPath<Root, Value>, right: KeyPath<Root, Value>) -> TableFilter<Root> {
    TableFilter(left, .greater, with: right)
  }

  /// The property is at least the value.
  public static func >= (property: KeyPath<Root, Value>, value: Value) -> TableFilter<Root> {
    TableFilter(property, .greaterOrEqual, value.columnValue)
  }

  /// The first property is at least the second.
  public static func >= (left: KeyPath<Root, Value>, right: KeyPath<Root, Value>) -> TableFilter<Root> {
    TableFilter(left, .greaterOrEqual, with: right)
  }
}
