/// What can be wrong with column values, types and batches; names columns and types, never values.
public struct ColumnError: Error, Hashable, Sendable {
  /// The kind of error; more may be added.
  public struct Code: Hashable, Sendable {
    let name: String

    /// A value does not fit its column's type.
    public static let valueOutOfRange = Code(name: "valueOutOfRange")
    /// A value or column has another type than asked for.
    public static let typeMismatch = Code(name: "typeMismatch")
    /// A type's own parameters are impossible.
    public static let invalidType = Code(name: "invalidType")
    /// Columns of one batch differ in length, or a schema repeats a name.
    public static let invalidBatch = Code(name: "invalidBatch")
    /// No column has the name.
    public static let unknownColumn = Code(name: "unknownColumn")
    /// A decimal needs more than 38 digits.
    public static let decimalOverflow = Code(name: "decimalOverflow")
  }

  /// The kind of error.
  public var code: Code
  /// What is wrong, in words, without any row's values.
  public var message: String
  /// The column it concerns, where one is known.
  public var column: String?

  /// Makes an error of a kind, with a message and optionally its column.
  public init(_ code: Code, _ message: String, column: String? = nil) {
    self.code = code
    self.message = message
    self.column = column
  }

  /// The same error, naming a column.
  public func inColumn(_ name: String) -> ColumnError {
    var copy = self
    copy.column = column ?? name
    return copy
  }

  static func decimalOverflow(scale: Int) -> ColumnError {
    ColumnError(.decimalOverflow, "a decimal of scale \(scale) needs more than 38 digits")
  }
}

extension ColumnError: CustomStringConvertible {
  /// The value as text.
  public var description: String {
    "\(code): \(message)" + (column.map { " (column \($0))" } ?? "")
  }
}

extension ColumnError.Code: CustomStringConvertible {
  /// The value as text.
  public var description: String { name }
}
