/// An expression or literal as it stands in a query's JSON form, before its position says what a bare text
/// means: a column in first position and in arithmetic, a literal elsewhere.
enum QueryOperand: Codable {
  case text(String)
  case expression(ColumnExpression)

  /// The operand where a bare text is a column.
  var asExpression: ColumnExpression {
    switch self {
    case .text(let name): .column(name)
    case .expression(let expression): expression
    }
  }

  /// The operand where a bare text is a literal.
  var asOther: ColumnExpression {
    switch self {
    case .text(let text): .literal(.string(text))
    case .expression(let expression): expression
    }
  }

  /// The literal that alone may stand here.
  func literal(of operation: String) throws -> ColumnValue {
    guard case .literal(let value) = asOther else {
      throw TokyoDataError(.invalidArgument, "\"\(operation)\" compares with literals only")
    }
    return value
  }

  /// An expression for a position where a bare text is a column.
  init(expression: ColumnExpression) {
    if case .column(let name) = expression { self = .text(name) } else { self = .expression(expression) }
  }

  /// An expression for a position where a bare text is a literal.
  init(other: ColumnExpression) {
    if case .literal(.string(let text)) = other { self = .text(text) } else { self = .expression(other) }
  }

  // MARK: Coding

  static let operations = ["column", "literal", "add", "subtract", "multiply"]

  init(from decoder: any Decoder) throws {
    if let value = try QueryLiteral.bareValue(decoder) {
      if case .string(let text) = value { self = .text(text) } else { self = .expression(.literal(value)) }
      return
    }
    let container = try decoder.container(keyedBy: QueryKey.self)
    self = .expression(try ColumnExpression(container, besides: ["type"]))
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text): try text.encode(to: encoder)
    case .expression(let expression): try expression.encode(to: encoder)
    }
  }
}

extension ColumnExpression {
  /// Reads the object form, which may stand beside other keys, such as `as`.
  init(_ container: KeyedDecodingContainer<QueryKey>, besides others: Set<String>) throws {
    let key = try container.operation(besides: others, of: "an expression", known: QueryOperand.operations)
    switch key.stringValue {
    case "column": self = .column(try container.decode(String.self, forKey: key))
    case "literal": self = .literal(try QueryLiteral.value(container))
    default:
      let sides = try container.elements(QueryOperand.self, of: key, count: 2).map(\.asExpression)
      self =
        switch key.stringValue {
        case "add": .add(sides[0], sides[1])
        case "subtract": .subtract(sides[0], sides[1])
        default: .multiply(sides[0], sides[1])
        }
    }
  }

  /// Writes the form that needs no position to be understood.
  func encode(to encoder: any Encoder) throws {
    if case .literal(let value) = self, QueryLiteral.isBare(value), !value.isString {
      return try QueryLiteral.encodeBare(value, to: encoder)
    }
    var container = encoder.container(keyedBy: QueryKey.self)
    try encode(into: &container)
  }

  /// Writes the object form into an object that may have other keys.
  func encode(into container: inout KeyedEncodingContainer<QueryKey>) throws {
    switch self {
    case .column(let name): try container.encode(name, forKey: "column")
    case .literal(let value): try QueryLiteral.encode(value, into: &container)
    case .add(let left, let right): try Self.encode(left, right, as: "add", into: &container)
    case .subtract(let left, let right): try Self.encode(left, right, as: "subtract", into: &container)
    case .multiply(let left, let right): try Self.encode(left, right, as: "multiply", into: &container)
    }
  }

  private static func encode(
    _ left: ColumnExpression, _ right: ColumnExpression, as key: QueryKey,
    into container: inout KeyedEncodingContainer<QueryKey>
  ) throws {
    try container.encode([QueryOperand(expression: left), QueryOperand(expression: right)], forKey: key)
  }
}

extension ColumnValue {
  fileprivate var isString: Bool { if case .string = self { true } else { false } }
}
