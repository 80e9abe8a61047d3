extension Filter: Codable {
  private static let operations =
    Comparison.allCases.map(\.rawValue) + ["in", "between", "null", "notNull", "prefix", "and", "or", "not"]

  /// Reads the JSON form, such as `{"and": [{"eq": ["status", "paid"]}, {"notNull": "amount"}]}`.
  ///
  /// A bare text in first position is a column, elsewhere a literal; `{"column": …}` and `{"literal": …}` say
  /// which where that is not meant.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for an operation that does not exist.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: QueryKey.self)
    let key = try container.operation(of: "a filter", known: Self.operations)
    if let comparison = Comparison(rawValue: key.stringValue) {
      let sides = try container.elements(QueryOperand.self, of: key, count: 2)
      self = .compare(sides[0].asExpression, comparison, sides[1].asOther)
      return
    }
    switch key.stringValue {
    case "and": self = .and(try container.decode([Filter].self, forKey: key))
    case "or": self = .or(try container.decode([Filter].self, forKey: key))
    case "not": self = .not(try container.decode(Filter.self, forKey: key))
    case "null": self = .isNull(try container.decode(QueryOperand.self, forKey: key).asExpression)
    case "notNull": self = .not(.isNull(try container.decode(QueryOperand.self, forKey: key).asExpression))
    case "prefix":
      let sides = try container.elements(QueryOperand.self, of: key, count: 2)
      guard case .string(let prefix) = try sides[1].literal(of: "prefix") else {
        throw TokyoDataError(.invalidArgument, "\"prefix\" takes a column and a text")
      }
      self = .hasPrefix(sides[0].asExpression, prefix)
    case "between":
      let sides = try container.elements(QueryOperand.self, of: key, count: 3)
      self = .between(
        sides[0].asExpression, try sides[1].literal(of: "between"), try sides[2].literal(of: "between"))
    default:
      var elements = try container.nestedUnkeyedContainer(forKey: key)
      let value = try elements.decode(QueryOperand.self).asExpression
      let list = try elements.decode([QueryOperand].self).map { try $0.literal(of: "in") }
      guard elements.isAtEnd else {
        throw TokyoDataError(.invalidArgument, "\"in\" takes a column and one array")
      }
      self = .isIn(value, list)
    }
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: QueryKey.self)
    switch self {
    case .compare(let left, let comparison, let right):
      try container.encode(
        [QueryOperand(expression: left), QueryOperand(other: right)],
        forKey: QueryKey(stringValue: comparison.rawValue))
    case .isIn(let value, let list):
      var elements = container.nestedUnkeyedContainer(forKey: "in")
      try elements.encode(QueryOperand(expression: value))
      try elements.encode(list.map { QueryOperand(other: .literal($0)) })
    case .between(let value, let low, let high):
      try container.encode(
        [
          QueryOperand(expression: value), QueryOperand(other: .literal(low)),
          QueryOperand(other: .literal(high)),
        ], forKey: "between")
    case .isNull(let value): try container.encode(QueryOperand(expression: value), forKey: "null")
    case .hasPrefix(let value, let prefix):
      try container.encode(
        [QueryOperand(expression: value), QueryOperand(other: .literal(.string(prefix)))], forKey: "prefix")
    case .and(let filters): try container.encode(filters, forKey: "and")
    case .or(let filters): try container.encode(filters, forKey: "or")
    case .not(.isNull(let value)): try container.encode(QueryOperand(expression: value), forKey: "notNull")
    case .not(let filter): try container.encode(filter, forKey: "not")
    }
  }
}
