/// A literal in the form in which the column beside it is compared, see ``OrderedValues``.
package enum ComparisonLiteral: Hashable, Sendable {
  case integer(Int64)
  /// The column's numbers are compared as binary64 ones with this one's ``FloatOrder`` rank.
  case float(Int64)
  case digits(Int128)
  /// A number between two neighbors of the column's scale: above these digits, below the next.
  case above(Int128)
  /// A number beyond all that 38 digits hold, above them or below.
  case beyond(isAbove: Bool)
  case bytes([UInt8])

  /// For a literal, not null, that was coerced to the type.
  package init(_ literal: ColumnValue, beside type: ColumnType) {
    switch literal {
    // Nested values are compared with nothing: datasets have no such columns.
    case .null, .list, .structure, .map: self = .beyond(isAbove: true)
    case .bool(let value): self = .integer(value ? 1 : 0)
    case .date(let value): self = .integer(Int64(value.daysSince1970))
    case .time(let value): self = .integer(value.microsecondsSinceMidnight)
    case .timestamp(let value): self = .integer(value.microsecondsSince1970)
    case .localTimestamp(let value): self = .integer(value.microsecondsSince1970)
    case .string(let value): self = .bytes(Array(value.utf8))
    case .bytes(let value): self = .bytes(value)
    case .float(let value): self = .float(FloatOrder.rank(Double(value)))
    case .double(let value): self = .float(FloatOrder.rank(value))
    case .int(let value):
      if type.isFloatingPoint {
        self = .float(FloatOrder.rank(Double(value)))
      } else {
        self = Self.exact(Decimal128(value), beside: type)
      }
    case .decimal(let value):
      if type.isFloatingPoint {
        self = .float(FloatOrder.rank(value.nearestDouble))
      } else {
        self = Self.exact(value, beside: type)
      }
    }
  }

  /// A number beside integers (as a decimal of scale 0 if they cannot hold it) or decimals.
  private static func exact(_ value: Decimal128, beside type: ColumnType) -> ComparisonLiteral {
    guard let (digits, isExact) = value.floor(at: type.exactScale ?? 0) else {
      return .beyond(isAbove: value.unscaled > 0)
    }
    guard type.isInteger else { return isExact ? .digits(digits) : .above(digits) }
    guard let integer = Int64(exactly: digits) else { return .beyond(isAbove: digits > 0) }
    return isExact ? .integer(integer) : .above(digits)
  }
}

/// The literals of an `in`, in the form in which the column beside them is compared.
package struct LiteralSet: Sendable {
  private(set) var integers: Set<Int64> = []
  private(set) var floats: Set<Int64> = []
  private(set) var digits: Set<Int128> = []
  private(set) var bytes = ByteTable()

  package init(_ literals: [ComparisonLiteral]) {
    for literal in literals {
      switch literal {
      case .integer(let value): integers.insert(value)
      case .float(let value): floats.insert(value)
      case .digits(let value): digits.insert(value)
      case .above, .beyond: break  // no value of the column equals it
      case .bytes(let value): value.withUnsafeBytes { _ = bytes.code(of: $0) }
      }
    }
  }

  /// Each of them once, in an order that depends on nothing else.
  package var literals: [ComparisonLiteral] {
    let texts = (0..<bytes.keys.count).map { Array(bytes.keys[$0]) }
    return integers.sorted().map(ComparisonLiteral.integer) + floats.sorted().map(ComparisonLiteral.float)
      + digits.sorted().map(ComparisonLiteral.digits)
      + texts.sorted { $0.lexicographicallyPrecedes($1) }.map(ComparisonLiteral.bytes)
  }
}
