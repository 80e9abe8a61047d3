extension Projection: Codable {
  /// Reads a column's name, or an expression with its name: `{"multiply": ["price", "count"], "as": "total"}`.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self.init(name)
      return
    }
    let container = try decoder.container(keyedBy: QueryKey.self)
    let expression = try ColumnExpression(container, besides: ["as", "type"])
    if let name = try container.decodeIfPresent(String.self, forKey: "as") {
      self.init(expression, as: name)
    } else if case .column(let name) = expression {
      self.init(name)
    } else {
      throw TokyoDataError(.invalidArgument, "an expression in \"select\" needs a name, \"as\"")
    }
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    if case .column(let column) = expression, column == name { return try name.encode(to: encoder) }
    var container = encoder.container(keyedBy: QueryKey.self)
    try expression.encode(into: &container)
    try container.encode(name, forKey: "as")
  }
}

extension Grouping: Codable {
  /// Reads a column's name, or `{"bucket": "month", "column": …, "zone": …, "as": …}`, where the bucket's
  /// unit alone is needed.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = .column(name)
      return
    }
    let container = try decoder.container(keyedBy: QueryKey.self)
    guard container.contains("bucket") else {
      throw TokyoDataError(
        .invalidArgument, "an element of \"groupBy\" is a column's name or an object with \"bucket\"")
    }
    self = .bucket(
      TimeBucket(
        try container.decode(TimeBucket.Unit.self, forKey: "bucket"),
        of: try container.decodeIfPresent(String.self, forKey: "column"),
        in: try container.decodeIfPresent(String.self, forKey: "zone") ?? "UTC",
        as: try container.decodeIfPresent(String.self, forKey: "as")))
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .column(let name): try name.encode(to: encoder)
    case .bucket(let bucket):
      var container = encoder.container(keyedBy: QueryKey.self)
      try container.encode(bucket.unit, forKey: "bucket")
      try container.encodeIfPresent(bucket.column, forKey: "column")
      if bucket.zone != "UTC" { try container.encode(bucket.zone, forKey: "zone") }
      if bucket.name != bucket.unit.rawValue { try container.encode(bucket.name, forKey: "as") }
    }
  }
}

extension Aggregate: Codable {
  /// Reads `{"count": "*"}`, or a function of a column or expression: `{"sum": "amount", "as": "total"}`.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a function that does not exist.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: QueryKey.self)
    let key = try container.operation(
      besides: ["as"], of: "an aggregate", known: ["count", "sum", "min", "max", "avg"])
    let operand = try container.decode(QueryOperand.self, forKey: key)
    let name = try container.decodeIfPresent(String.self, forKey: "as")
    if key.stringValue == "count", case .text("*") = operand {
      self.init(.countRows, as: name)
      return
    }
    let value = operand.asExpression
    let function: Function =
      switch key.stringValue {
      case "count": .count(value)
      case "sum": .sum(value)
      case "min": .min(value)
      case "max": .max(value)
      default: .average(value)
      }
    self.init(function, as: name)
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: QueryKey.self)
    let key = QueryKey(stringValue: function.keyword)
    switch function.operand {
    case nil: try container.encode("*", forKey: key)
    // A column of that name must not turn into "all rows".
    case .column("*")?: try container.encode(QueryOperand.expression(.column("*")), forKey: key)
    case let value?: try container.encode(QueryOperand(expression: value), forKey: key)
    }
    try container.encode(name, forKey: "as")
  }
}

extension Ordering: Codable {
  /// Reads a column's name, `{"asc": …}` or `{"desc": …}`, with `"nulls": "first"` where wanted.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self.init(name)
      return
    }
    let container = try decoder.container(keyedBy: QueryKey.self)
    let key = try container.operation(besides: ["nulls"], of: "an ordering", known: ["asc", "desc"])
    let nulls = try container.decodeIfPresent(String.self, forKey: "nulls") ?? "last"
    guard nulls == "first" || nulls == "last" else {
      throw TokyoDataError(.invalidArgument, "\"nulls\" is \"first\" or \"last\"")
    }
    self.init(
      try container.decode(String.self, forKey: key), descending: key.stringValue == "desc",
      nullsFirst: nulls == "first")
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    guard isDescending || nullsFirst else { return try column.encode(to: encoder) }
    var container = encoder.container(keyedBy: QueryKey.self)
    try container.encode(column, forKey: isDescending ? "desc" : "asc")
    if nullsFirst { try container.encode("first", forKey: "nulls") }
  }
}
