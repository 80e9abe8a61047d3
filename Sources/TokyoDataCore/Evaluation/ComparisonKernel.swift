/// Compares whole columns, with a literal or with each other; what it says of null slots means nothing.
struct ComparisonKernel {
  let comparison: Filter.Comparison

  init(_ comparison: Filter.Comparison) {
    self.comparison = comparison
  }

  func mask(_ column: ColumnVector, _ literal: ComparisonLiteral) -> [Bool] {
    switch literal {
    case .beyond(let isAbove):
      return Array(repeating: comparison.holds(isAbove ? -1 : 1), count: column.count)
    case .above(let digits):
      // Between two neighbors nothing is equal, and below it means up to the lower one.
      switch comparison {
      case .equal, .notEqual: return Array(repeating: comparison == .notEqual, count: column.count)
      case .less, .lessOrEqual: return ComparisonKernel(.lessOrEqual).exact(column, digits)
      case .greater, .greaterOrEqual: return ComparisonKernel(.greater).exact(column, digits)
      }
    case .digits(let digits): return exact(column, digits)
    case .integer(let value): return integers(column, value)
    case .float(let rank):
      if column.type.isFloatingPoint, case .integers(let ranks) = OrderedValues(column) {
        return compare(ranks, rank)
      }
      return compare(column.doubles.map { FloatOrder.rank($0) }, rank)
    case .bytes(let bytes):
      guard case .byteStrings(let strings) = column.storage else { return [] }
      let comparison = comparison
      return bytes.withUnsafeBytes { literal in
        if comparison == .equal { return strings.mask { ByteOrder.compare($0, literal) == 0 } }
        return strings.mask { comparison.holds(ByteOrder.compare($0, literal)) }
      }
    }
  }

  func mask(_ left: ColumnVector, _ right: ColumnVector) -> [Bool] {
    if left.type.isFloatingPoint || right.type.isFloatingPoint {
      return compare(left.doubles.map { FloatOrder.rank($0) }, right.doubles.map { FloatOrder.rank($0) })
    }
    if let scale = left.type.exactScale, let other = right.type.exactScale, scale != other {
      let (a, b) = (left.digits, right.digits)
      return a.indices.map { index in
        let (x, y) = (
          Decimal128(unchecked: a[index], scale: scale), Decimal128(unchecked: b[index], scale: other)
        )
        return comparison.holds(x < y ? -1 : (x == y ? 0 : 1))
      }
    }
    switch (OrderedValues(left), OrderedValues(right)) {
    case (.integers(let a), .integers(let b)): return compare(a, b)
    case (.bytes(let a), .bytes(let b)):
      return a.bytes.withUnsafeBytes { left in
        b.bytes.withUnsafeBytes { right in
          (0..<a.count).map {
            comparison.holds(ByteOrder.compare(a.slot($0, in: left), b.slot($0, in: right)))
          }
        }
      }
    default: return compare(left.digits, right.digits)
    }
  }

  private func exact(_ column: ColumnVector, _ digits: Int128) -> [Bool] {
    if case .decimal(let values) = column.storage { return compare(values, digits) }
    return integers(column, Int64(clamping: digits))
  }

  private func integers(_ column: ColumnVector, _ value: Int64) -> [Bool] {
    switch column.storage {
    case .int16(let values): narrow(values, value)
    case .int32(let values): narrow(values, value)
    default: compare(column.integers, value)
    }
  }

  /// Compares narrow integers with a literal that they may not be able to hold.
  @inline(__always)
  private func narrow<Value: FixedWidthInteger>(_ values: [Value], _ literal: Int64) -> [Bool] {
    if let same = Value(exactly: literal) { return compare(values, same) }
    return Array(repeating: comparison.holds(literal > 0 ? -1 : 1), count: values.count)
  }

  // The comparison is chosen once a column, so that each loop is one the compiler can vectorize.
  @inline(__always)
  private func compare<Value: FixedWidthInteger>(_ values: [Value], _ literal: Value) -> [Bool] {
    switch comparison {
    case .equal: values.map { $0 == literal }
    case .notEqual: values.map { $0 != literal }
    case .less: values.map { $0 < literal }
    case .lessOrEqual: values.map { $0 <= literal }
    case .greater: values.map { $0 > literal }
    case .greaterOrEqual: values.map { $0 >= literal }
    }
  }

  @inline(__always)
  private func compare<Value: FixedWidthInteger>(_ left: [Value], _ right: [Value]) -> [Bool] {
    switch comparison {
    case .equal: left.indices.map { left[$0] == right[$0] }
    case .notEqual: left.indices.map { left[$0] != right[$0] }
    case .less: left.indices.map { left[$0] < right[$0] }
    case .lessOrEqual: left.indices.map { left[$0] <= right[$0] }
    case .greater: left.indices.map { left[$0] > right[$0] }
    case .greaterOrEqual: left.indices.map { left[$0] >= right[$0] }
    }
  }
}
