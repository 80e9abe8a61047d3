/// What a list holds, or a map under its keys: a type, and whether it may be null.
public struct ColumnElement: Hashable, Sendable {
  /// What the elements are.
  public var type: ColumnType
  /// Whether an element may be null.
  public var isNullable: Bool

  /// Makes an element, nullable unless said otherwise.
  public init(_ type: ColumnType, isNullable: Bool = true) {
    self.type = type
    self.isNullable = isNullable
  }
}

extension ColumnType {
  /// A list whose elements are of a type, nullable unless said otherwise.
  public static func list(of type: ColumnType, isNullable: Bool = true) -> ColumnType {
    .list(ColumnElement(type, isNullable: isNullable))
  }

  /// A map from keys, which are never null, to values of a type, nullable unless said otherwise.
  public static func map(_ key: ColumnType, to value: ColumnType, isNullable: Bool = true) -> ColumnType {
    .map(key: key, value: ColumnElement(value, isNullable: isNullable))
  }
}
