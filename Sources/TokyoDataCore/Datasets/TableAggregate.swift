/// An aggregate of a property.
public struct TableAggregate<Row: DatasetRow>: Hashable, Sendable {
  /// The aggregate in the terms of every store.
  public let aggregate: Aggregate

  private init(_ aggregate: Aggregate) {
    self.aggregate = aggregate
  }

  /// How many rows there are.
  public static var count: TableAggregate { TableAggregate(.count) }

  /// How many rows there are, under another name.
  public static func count(as name: String) -> TableAggregate {
    TableAggregate(Aggregate(.countRows, as: name))
  }

  /// How many values are not null.
  public static func count(_ property: PartialKeyPath<Row>, as name: String? = nil) -> TableAggregate {
    TableAggregate(Aggregate(.count(.column(Row.columnName(of: property))), as: name))
  }

  /// The sum of a property.
  public static func sum(_ property: PartialKeyPath<Row>, as name: String? = nil) -> TableAggregate {
    TableAggregate(.sum(Row.columnName(of: property), as: name))
  }

  /// The least value of a property.
  public static func min(_ property: PartialKeyPath<Row>, as name: String? = nil) -> TableAggregate {
    TableAggregate(.min(Row.columnName(of: property), as: name))
  }

  /// The greatest value of a property.
  public static func max(_ property: PartialKeyPath<Row>, as name: String? = nil) -> TableAggregate {
    TableAggregate(.max(Row.columnName(of: property), as: name))
  }

  /// The mean of a property.
  public static func average(_ property: PartialKeyPath<Row>, as name: String? = nil) -> TableAggregate {
    TableAggregate(.average(Row.columnName(of: property), as: name))
  }
}

/// What rows of a table are grouped by.
public struct TableGrouping<Row: DatasetRow>: Hashable, Sendable {
  /// The grouping in the terms of every store.
  public let grouping: Grouping

  private init(_ grouping: Grouping) {
    self.grouping = grouping
  }

  /// By a property.
  public static func column(_ property: PartialKeyPath<Row>) -> TableGrouping {
    TableGrouping(.column(Row.columnName(of: property)))
  }

  /// By the calendar buckets of a time property, in UTC.
  public static func bucket(
    _ unit: TimeBucket.Unit, of property: PartialKeyPath<Row>, as name: String? = nil
  ) -> TableGrouping {
    TableGrouping(.bucket(TimeBucket(unit, of: Row.columnName(of: property), as: name)))
  }

  /// By day of the dataset's time column.
  public static var day: TableGrouping { TableGrouping(.day) }
  /// By ISO week, which begins on Monday, of the dataset's time column.
  public static var week: TableGrouping { TableGrouping(.week) }
  /// By month of the dataset's time column.
  public static var month: TableGrouping { TableGrouping(.month) }
  /// By quarter of the dataset's time column.
  public static var quarter: TableGrouping { TableGrouping(.quarter) }
  /// By year of the dataset's time column.
  public static var year: TableGrouping { TableGrouping(.year) }
}
