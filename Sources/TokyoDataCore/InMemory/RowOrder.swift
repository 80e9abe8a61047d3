/// Sorts a batch by columns, ascending: numbers by value, texts by code point, nulls last, NaN above numbers.
struct RowOrder {
  let columns: [String]

  /// The rows of the batch in order; rows that compare equal keep theirs.
  func sorting(_ batch: ColumnBatch) throws(ColumnError) -> ColumnBatch {
    guard batch.rowCount > 1, !columns.isEmpty else { return batch }
    let comparisons = try batch.selecting(columns).columns.map(Self.comparison)
    let precedes = { (left: Int, right: Int) -> Bool in
      for compare in comparisons {
        let order = compare(left, right)
        if order != 0 { return order < 0 }
      }
      return left < right
    }
    let rows = 0..<batch.rowCount
    // Rows usually come in order; then nothing is copied.
    if rows.dropFirst().allSatisfy({ precedes($0 - 1, $0) }) { return batch }
    return try batch.gathering(rows.sorted(by: precedes))
  }

  /// Negative, zero or positive as the first slot sorts before, with or after the second.
  private typealias Comparison = (Int, Int) -> Int

  private static func comparison(of column: ColumnVector) -> Comparison {
    let values = values(of: column)
    guard column.nullCount > 0 else { return values }
    let validity = column.validity
    return { left, right in
      switch (validity[left], validity[right]) {
      case (true, true): values(left, right)
      case (true, false): -1
      case (false, true): 1
      case (false, false): 0
      }
    }
  }

  private static func values(of column: ColumnVector) -> Comparison {
    switch column.storage {
    case .bool(let values): return { compare(values[$0] ? 1 : 0, values[$1] ? 1 : 0) }
    case .int16(let values): return { compare(values[$0], values[$1]) }
    case .int32(let values): return { compare(values[$0], values[$1]) }
    case .int64(let values): return { compare(values[$0], values[$1]) }
    case .float(let values): return { compareNumbers(values[$0], values[$1]) }
    case .double(let values): return { compareNumbers(values[$0], values[$1]) }
    case .decimal(let values): return { compare(values[$0], values[$1]) }
    case .byteStrings(let strings):
      return { left, right in
        let (a, b) = (strings[left], strings[right])
        return a.elementsEqual(b) ? 0 : (a.lexicographicallyPrecedes(b) ? -1 : 1)
      }
    }
  }

  private static func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : (left == right ? 0 : 1)
  }

  private static func compareNumbers<Value: BinaryFloatingPoint>(_ left: Value, _ right: Value) -> Int {
    switch (left.isNaN, right.isNaN) {
    case (false, false): compare(left, right)
    case (true, true): 0
    case (true, false): 1
    case (false, true): -1
    }
  }
}
