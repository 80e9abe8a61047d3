internal import TokyoDataColumns

extension FilterNode {
  /// Which rows of a batch pass; `batch` has the filter's columns.
  func passing(_ batch: ColumnBatch) -> [Bool] {
    switch self {
    case .test(let test):
      guard let index = batch.schema.index(of: test.column.leaf.name) else {
        return Array(repeating: false, count: batch.rowCount)
      }
      return test.passing(batch.columns[index])
    case .and(let nodes):
      var passing = [Bool](repeating: true, count: batch.rowCount)
      for (position, node) in nodes.enumerated() {
        // Rows that are left out already need no further test.
        if position > 0, !passing.contains(true) { break }
        combine(&passing, node.passing(batch)) { $0 && $1 }
      }
      return passing
    case .or(let nodes):
      var passing = [Bool](repeating: false, count: batch.rowCount)
      for node in nodes { combine(&passing, node.passing(batch)) { $0 || $1 } }
      return passing
    }
  }

  @inline(__always)
  private func combine(_ rows: inout [Bool], _ other: [Bool], _ both: (Bool, Bool) -> Bool) {
    let count = min(rows.count, other.count)
    rows.withUnsafeMutableBufferPointer { rows in
      other.withUnsafeBufferPointer { other in
        for row in 0..<count { rows[row] = both(rows[row], other[row]) }
      }
    }
  }
}

extension ColumnTest {
  /// Which slots of a column pass.
  func passing(_ column: ColumnVector) -> [Bool] {
    let valid = [Bool](repeating: true, count: column.count)
    switch condition {
    case .isNull: return column.validity.clearing(valid).map { !$0 }
    case .isNotNull: return column.validity.clearing(valid)
    case .compare(let comparison, let value):
      return column.validity.clearing(Self.compare(column.storage, comparison, value))
    case .isIn(let values): return column.validity.clearing(Self.isIn(column.storage, values))
    case .isNotIn(let values):
      return column.validity.clearing(Self.isIn(column.storage, values).map { !$0 })
    case .isNaN: return column.validity.clearing(Self.isNaN(column.storage))
    case .isNotNaN: return column.validity.clearing(Self.isNaN(column.storage).map { !$0 })
    }
  }

  /// Which slots compare so with a value, nulls aside; none where the value is of another kind.
  private static func compare(
    _ storage: ColumnStorage, _ comparison: ParquetFilter.Comparison, _ value: ValueBounds.Bound
  ) -> [Bool] {
    switch (storage, value) {
    case (.bool(let slots), .integer(let value)):
      comparing(slots.map { $0 ? Int64(1) : 0 }, comparison, value) { $0 }
    case (.int8(let slots), .integer(let value)): comparing(slots, comparison, value)
    case (.int16(let slots), .integer(let value)): comparing(slots, comparison, value)
    case (.int32(let slots), .integer(let value)): comparing(slots, comparison, value)
    case (.int64(let slots), .integer(let value)): comparing(slots, comparison, value)
    case (.float(let slots), .double(let value)): comparing(slots, comparison, value) { Double($0) }
    case (.double(let slots), .double(let value)): comparing(slots, comparison, value) { $0 }
    case (.decimal(let slots), .decimal(let value)): comparing(slots, comparison, value) { $0 }
    case (.byteStrings(let strings), .bytes(let value)): comparing(strings, comparison, value)
    default: Array(repeating: false, count: storage.count)
    }
  }

  private static func isIn(_ storage: ColumnStorage, _ values: [ValueBounds.Bound]) -> [Bool] {
    // A few comparisons of whole columns are faster than looking up each slot.
    var few = 16
    if case .byteStrings = storage { few = 4 }
    if values.count <= few {
      var found = [Bool](repeating: false, count: storage.count)
      for value in values {
        let equal = compare(storage, .equal, value)
        for slot in found.indices where equal[slot] { found[slot] = true }
      }
      return found
    }
    let (integers, doubles) = (IntegerSet(values.integers), Set(values.doubles))
    switch storage {
    case .bool(let slots): return slots.map { integers.contains($0 ? 1 : 0) }
    case .int8(let slots): return slots.map { integers.contains(Int64($0)) }
    case .int16(let slots): return slots.map { integers.contains(Int64($0)) }
    case .int32(let slots): return slots.map { integers.contains(Int64($0)) }
    case .int64(let slots): return slots.map { integers.contains($0) }
    case .float(let slots): return slots.map { doubles.contains(Double($0)) }
    case .double(let slots): return slots.map { doubles.contains($0) }
    case .decimal(let slots):
      let decimals = Set(values.decimals)
      return slots.map { decimals.contains($0) }
    case .byteStrings(let strings):
      let sorted = SortedByteStrings(values.byteStrings)
      return strings.map { sorted.contains($0) }
    case .list, .structure, .map: return Array(repeating: false, count: storage.count)
    }
  }

  private static func isNaN(_ storage: ColumnStorage) -> [Bool] {
    switch storage {
    case .float(let slots): slots.map(\.isNaN)
    case .double(let slots): slots.map(\.isNaN)
    default: Array(repeating: false, count: storage.count)
    }
  }
}

extension [ValueBounds.Bound] {
  fileprivate var integers: [Int64] {
    compactMap { if case .integer(let value) = $0 { value } else { nil } }
  }
  fileprivate var doubles: [Double] {
    compactMap { if case .double(let value) = $0 { value } else { nil } }
  }
  fileprivate var decimals: [Int128] {
    compactMap { if case .decimal(let value) = $0 { value } else { nil } }
  }
  fileprivate var byteStrings: [[UInt8]] {
    compactMap { if case .bytes(let value) = $0 { value } else { nil } }
  }
}
