/// A Swift type of which arrays are column values: of lists, or of bytes where it is `UInt8`.
///
/// Every ``ColumnRepresentable`` type of ours is one, and optionals of them. A type of yours conforms by saying so.
public protocol ColumnListElement: Sendable {
  /// The type of a column of such arrays; nil where only the column can tell.
  static var arrayColumnType: ColumnType? { get }
  /// Columns of this type may hold such arrays.
  static func fitsArray(_ type: ColumnType) -> Bool
  /// The array that a column holds, or nil where it is not exactly one.
  static func array(columnValue: ColumnValue) -> [Self]?
  /// An array as a column holds it.
  static func columnValue(of array: [Self]) -> ColumnValue
}

extension ColumnListElement where Self: ColumnRepresentable {
  /// A list of such values.
  public static var arrayColumnType: ColumnType? {
    columnType.map { .list(of: $0, isNullable: isNullable) }
  }

  /// Lists whose elements may be such values.
  public static func fitsArray(_ type: ColumnType) -> Bool {
    guard case .list(let element) = type else { return false }
    return fits(element.type)
  }

  /// The elements of a list.
  public static func array(columnValue: ColumnValue) -> [Self]? {
    guard case .list(let values) = columnValue else { return nil }
    var array: [Self] = []
    array.reserveCapacity(values.count)
    for value in values {
      guard let element = Self(columnValue: value) else { return nil }
      array.append(element)
    }
    return array
  }

  /// A list of the elements.
  public static func columnValue(of array: [Self]) -> ColumnValue { .list(array.map(\.columnValue)) }
}

extension UInt8: ColumnListElement {
  /// Bytes.
  public static var arrayColumnType: ColumnType? { .bytes }

  /// Columns of bytes.
  public static func fitsArray(_ type: ColumnType) -> Bool { type == .bytes }

  /// Bytes.
  public static func array(columnValue: ColumnValue) -> [UInt8]? {
    if case .bytes(let bytes) = columnValue { bytes } else { nil }
  }

  /// Bytes.
  public static func columnValue(of array: [UInt8]) -> ColumnValue { .bytes(array) }
}

extension Array: ColumnRepresentable where Element: ColumnListElement {
  /// A list, or bytes.
  public static var columnType: ColumnType? { Element.arrayColumnType }

  /// Columns that may hold such arrays.
  public static func fits(_ type: ColumnType) -> Bool { Element.fitsArray(type) }

  /// A list, or bytes.
  public init?(columnValue: ColumnValue) {
    guard let array = Element.array(columnValue: columnValue) else { return nil }
    self = array
  }

  /// A list, or bytes.
  public var columnValue: ColumnValue { Element.columnValue(of: self) }
}

extension Bool: ColumnListElement {}
extension Int: ColumnListElement {}
extension Int64: ColumnListElement {}
extension Int32: ColumnListElement {}
extension Int16: ColumnListElement {}
extension Float: ColumnListElement {}
extension Double: ColumnListElement {}
extension Decimal128: ColumnListElement {}
extension String: ColumnListElement {}
extension Day: ColumnListElement {}
extension TimeOfDay: ColumnListElement {}
extension Timestamp: ColumnListElement {}
extension LocalTimestamp: ColumnListElement {}
extension Optional: ColumnListElement where Wrapped: ColumnRepresentable {}
