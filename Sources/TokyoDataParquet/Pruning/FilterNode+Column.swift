internal import TokyoDataColumns

extension FilterNode {
  /// A column of a file that filters can compare.
  struct Column: Sendable {
    let leaf: LeafColumn
    let type: ColumnType
    let conversion: ValueConversion

    init(_ name: String, in file: ParquetFile) throws(ParquetError) {
      let shape = try file.selected([name])[0]
      guard case .leaf(let leaf, let conversion) = shape.kind else {
        throw ParquetError(.invalidArgument, "filters do not compare nested columns", column: name)
      }
      self.leaf = leaf
      self.conversion = conversion
      type = shape.field.type
    }
  }

  /// A value that is no null, beside those of a column.
  enum Literal {
    /// One that the column may hold, or at least one in the form of its values.
    case value(ValueBounds.Bound)
    case nan
    /// A number between two neighbors of the column's scale: above this one, below the next.
    case above(ValueBounds.Bound)
    /// A number beyond all that the column may hold, above them or below.
    case beyond(isAbove: Bool)
  }
}

extension FilterNode.Column {
  /// A value in the form in which columns and statistics are compared.
  func literal(_ value: ColumnValue) throws(ParquetError) -> FilterNode.Literal {
    switch (value, type) {
    case (.int(let value), .float), (.int(let value), .double): return .value(.double(Double(value)))
    case (.float(let value), .float), (.float(let value), .double): return number(Double(value))
    case (.double(let value), .float), (.double(let value), .double): return number(value)
    case (.int(let value), .decimal): return exact(Decimal128(value))
    case (.decimal(let value), .decimal): return exact(value)
    case (.decimal(let value), let type) where type.isInteger: return exact(value)
    default:
      guard let bound = ValueBounds.Bound(comparable: value), bound.value(of: type) == value else {
        throw ParquetError(
          .invalidArgument, "a filter compares a column of type \(type) with another kind of value",
          column: leaf.name)
      }
      return .value(bound)
    }
  }

  private func number(_ value: Double) -> FilterNode.Literal { value.isNaN ? .nan : .value(.double(value)) }

  /// A number beside decimals or integers, which are digits at one scale.
  private func exact(_ value: Decimal128) -> FilterNode.Literal {
    guard let (digits, isExact) = value.floor(at: type.exactScale ?? 0) else {
      return .beyond(isAbove: value.unscaled > 0)
    }
    if type.isInteger {
      guard let integer = Int64(exactly: digits) else { return .beyond(isAbove: digits > 0) }
      return isExact ? .value(.integer(integer)) : .above(.integer(integer))
    }
    return isExact ? .value(.decimal(digits)) : .above(.decimal(digits))
  }
}

extension ValueBounds.Bound {
  /// The form in which a value that is not nested is compared.
  init?(comparable value: ColumnValue) {
    switch value {
    case .bool(let value): self = .integer(value ? 1 : 0)
    case .int(let value): self = .integer(value)
    case .float(let value): self = .double(Double(value))
    case .double(let value): self = .double(value)
    case .decimal(let value): self = .decimal(value.unscaled)
    case .string(let value): self = .bytes(Array(value.utf8))
    case .bytes(let value): self = .bytes(value)
    case .date(let value): self = .integer(Int64(value.daysSince1970))
    case .time(let value): self = .integer(value.microsecondsSinceMidnight)
    case .timestamp(let value): self = .integer(value.microsecondsSince1970)
    case .localTimestamp(let value): self = .integer(value.microsecondsSince1970)
    case .null, .list, .structure, .map: return nil
    }
  }
}
