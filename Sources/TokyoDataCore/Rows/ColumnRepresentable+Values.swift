extension Bool: ColumnRepresentable {
  /// A truth.
  public static var columnType: ColumnType? { .bool }

  /// A truth.
  public init?(columnValue: ColumnValue) {
    guard case .bool(let value) = columnValue else { return nil }
    self = value
  }

  /// A truth.
  public var columnValue: ColumnValue { .bool(self) }
}

extension String: ColumnRepresentable {
  /// A text.
  public static var columnType: ColumnType? { .string }

  /// A text.
  public init?(columnValue: ColumnValue) {
    guard case .string(let value) = columnValue else { return nil }
    self = value
  }

  /// A text.
  public var columnValue: ColumnValue { .string(self) }
}

extension Day: ColumnRepresentable {
  /// A date.
  public static var columnType: ColumnType? { .date }

  /// A date.
  public init?(columnValue: ColumnValue) {
    guard case .date(let value) = columnValue else { return nil }
    self = value
  }

  /// A date.
  public var columnValue: ColumnValue { .date(self) }
}

extension Timestamp: ColumnRepresentable {
  /// An instant.
  public static var columnType: ColumnType? { .timestamp }

  /// An instant.
  public init?(columnValue: ColumnValue) {
    guard case .timestamp(let value) = columnValue else { return nil }
    self = value
  }

  /// An instant.
  public var columnValue: ColumnValue { .timestamp(self) }
}

extension LocalTimestamp: ColumnRepresentable {
  /// A local time.
  public static var columnType: ColumnType? { .localTimestamp }

  /// A local time.
  public init?(columnValue: ColumnValue) {
    guard case .localTimestamp(let value) = columnValue else { return nil }
    self = value
  }

  /// A local time.
  public var columnValue: ColumnValue { .localTimestamp(self) }
}

extension TimeOfDay: ColumnRepresentable {
  /// A time of day.
  public static var columnType: ColumnType? { .time }

  /// A time of day.
  public init?(columnValue: ColumnValue) {
    guard case .time(let value) = columnValue else { return nil }
    self = value
  }

  /// A time of day.
  public var columnValue: ColumnValue { .time(self) }
}
