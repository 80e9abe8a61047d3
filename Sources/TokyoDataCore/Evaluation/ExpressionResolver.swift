/// Checks expressions and filters against a schema and brings their literals to the types they meet.
///
/// The schema is a dataset's, or that of a result for `having`.
struct ExpressionResolver {
  let schema: ColumnSchema

  func field(_ name: String) throws(TokyoDataError) -> ColumnField {
    guard let index = schema.index(of: name) else {
      throw TokyoDataError(.unknownColumn, "no such column", context: .init(column: name))
    }
    return schema.fields[index]
  }

  /// The expression with its literals converted, and its type; a nil type is that of a lone null.
  func resolve(_ expression: ColumnExpression) throws(TokyoDataError) -> (ColumnExpression, ColumnType?) {
    switch expression {
    case .column(let name): return (expression, try field(name).type)
    case .literal(let value): return (expression, value.naturalType)
    case .add(let left, let right):
      let (a, b, type) = try arithmetic(left, right)
      return (.add(a, b), type)
    case .subtract(let left, let right):
      let (a, b, type) = try arithmetic(left, right)
      return (.subtract(a, b), type)
    case .multiply(let left, let right):
      let (a, b, type) = try arithmetic(left, right, scale: +)
      return (.multiply(a, b), type)
    }
  }

  /// The expression with its literals converted, and its type.
  func typed(_ expression: ColumnExpression) throws(TokyoDataError) -> (ColumnExpression, ColumnType) {
    let (resolved, type) = try resolve(expression)
    guard let type else {
      throw TokyoDataError(.typeMismatch, "a null alone has no type")
    }
    return (resolved, type)
  }

  /// Both sides with each one's literal brought to the other's type.
  func aligned(
    _ left: ColumnExpression, _ right: ColumnExpression,
    _ convert: (ColumnValue, ColumnType) throws(TokyoDataError) -> ColumnValue
  ) throws(TokyoDataError) -> (left: (ColumnExpression, ColumnType?), right: (ColumnExpression, ColumnType?))
  {
    var (a, aType) = try resolve(left)
    var (b, bType) = try resolve(right)
    let column = left.columns.union(right.columns).sorted().first
    do throws(TokyoDataError) {
      // Of two literals the right one follows the left.
      if case .literal(let value) = b, let aType {
        b = .literal(try convert(value, aType))
        bType = Self.converted(b)
      } else if case .literal(let value) = a, let bType {
        a = .literal(try convert(value, bType))
        aType = Self.converted(a)
      }
    } catch {
      throw error.adding(.init(column: column))
    }
    return ((a, aType), (b, bType))
  }

  private static func converted(_ expression: ColumnExpression) -> ColumnType? {
    if case .literal(let value) = expression { value.naturalType } else { nil }
  }

  private func arithmetic(
    _ left: ColumnExpression, _ right: ColumnExpression, scale combine: (Int, Int) -> Int = { max($0, $1) }
  ) throws(TokyoDataError) -> (ColumnExpression, ColumnExpression, ColumnType?) {
    let ((a, aType), (b, bType)) = try aligned(left, right) { (value, type) throws(TokyoDataError) in
      try value.operand(beside: type)
    }
    let column = left.columns.union(right.columns).sorted().first
    // A null takes the type of what it meets.
    guard let first = aType ?? bType, let second = bType ?? aType else { return (a, b, nil) }
    for type in [first, second] where type.exactScale == nil && !type.isFloatingPoint {
      throw TokyoDataError(.typeMismatch, "there is no arithmetic on \(type)", context: .init(column: column))
    }
    if first.isFloatingPoint || second.isFloatingPoint { return (a, b, .double) }
    if first.isInteger && second.isInteger { return (a, b, .int64) }
    let scale = combine(first.exactScale ?? 0, second.exactScale ?? 0)
    guard scale <= Decimal128.maximumPrecision else {
      throw TokyoDataError(
        .unsupported, "a product needs \(scale) places; 38 are possible", context: .init(column: column))
    }
    return (a, b, .decimal(precision: Decimal128.maximumPrecision, scale: scale))
  }
}

extension ColumnValue {
  /// The type of a literal that meets nothing else; nil for null.
  var naturalType: ColumnType? {
    switch self {
    case .null, .list, .structure, .map: nil
    case .bool: .bool
    case .int: .int64
    case .float: .float
    case .double: .double
    case .decimal(let value): .decimal(precision: Decimal128.maximumPrecision, scale: value.scale)
    case .string: .string
    case .bytes: .bytes
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .localTimestamp: .localTimestamp
    }
  }
}
