internal import TokyoDataColumns

extension FilterNode {
  /// Which rows of a batch pass; `columns` are those of the filter, by name.
  func passing(_ batch: ColumnBatch) -> [Bool] {
    switch self {
    case .test(let test):
      guard let index = batch.schema.index(of: test.column.leaf.name) else {
        return Array(repeating: false, count: batch.rowCount)
      }
      return test.passing(batch.columns[index])
    case .and(let nodes):
      return combined(nodes, batch, start: true) { $0 && $1 }
    case .or(let nodes):
      return combined(nodes, batch, start: false) { $0 || $1 }
    }
  }

  private func combined(
    _ nodes: [FilterNode], _ batch: ColumnBatch, start: Bool, _ combine: (Bool, Bool) -> Bool
  ) -> [Bool] {
    var passing = [Bool](repeating: start, count: batch.rowCount)
    for node in nodes {
      let other = node.passing(batch)
      for row in passing.indices { passing[row] = combine(passing[row], other[row]) }
    }
    return passing
  }
}

extension ColumnTest {
  /// Which slots of a column pass.
  func passing(_ column: ColumnVector) -> [Bool] {
    switch condition {
    case .isNull: return (0..<column.count).map { !column.validity[$0] }
    case .isNotNull: return (0..<column.count).map { column.validity[$0] }
    case .compare(let comparison, let value): return passing(column, [value], comparison)
    case .isIn(let values): return passing(column, values, .equal)
    }
  }

  /// The slots that compare so with any of some values.
  private func passing(
    _ column: ColumnVector, _ values: [ValueBounds.Bound], _ comparison: ParquetFilter.Comparison
  ) -> [Bool] {
    switch column.storage {
    case .bool(let slots): return compare(slots.map { $0 ? 1 : 0 }, values.integers, comparison, column)
    case .int8(let slots): return compare(slots.map { Int64($0) }, values.integers, comparison, column)
    case .int16(let slots): return compare(slots.map { Int64($0) }, values.integers, comparison, column)
    case .int32(let slots): return compare(slots.map { Int64($0) }, values.integers, comparison, column)
    case .int64(let slots): return compare(slots, values.integers, comparison, column)
    case .float(let slots): return compare(slots.map { Double($0) }, values.doubles, comparison, column)
    case .double(let slots): return compare(slots, values.doubles, comparison, column)
    case .decimal(let slots): return compare(slots, values.decimals, comparison, column)
    case .byteStrings(let strings): return compare(strings, values.byteStrings, comparison, column)
    case .list, .structure, .map: return Array(repeating: false, count: column.count)
    }
  }

  private func compare<Value: Comparable & Hashable>(
    _ slots: [Value], _ values: [Value], _ comparison: ParquetFilter.Comparison, _ column: ColumnVector
  ) -> [Bool] {
    // Many values are looked up; of numbers that is the same as comparing, but for NaN, which none equals.
    if values.count > 8 {
      let set = Set(values)
      return mark(slots, column) { $0 == $0 && set.contains($0) }
    }
    guard values.count == 1 else { return mark(slots, column) { values.contains($0) } }
    let value = values[0]
    switch comparison {
    case .equal: return mark(slots, column) { $0 == value }
    case .notEqual: return mark(slots, column) { $0 != value }
    case .less: return mark(slots, column) { $0 < value }
    case .lessOrEqual: return mark(slots, column) { $0 <= value }
    case .greater: return mark(slots, column) { $0 > value }
    case .greaterOrEqual: return mark(slots, column) { $0 >= value }
    }
  }

  @inline(__always)
  private func mark<Value>(
    _ slots: [Value], _ column: ColumnVector, _ passes: (Value) -> Bool
  ) -> [Bool] {
    var passing = slots.map(passes)
    if column.nullCount > 0 {
      for slot in passing.indices where !column.validity[slot] { passing[slot] = false }
    }
    return passing
  }

  private func compare(
    _ strings: ByteStrings, _ values: [[UInt8]], _ comparison: ParquetFilter.Comparison,
    _ column: ColumnVector
  ) -> [Bool] {
    let passes: (UnsafeRawBufferPointer) -> Bool
    if values.count == 1 {
      let value = values[0]
      passes = { string in
        value.withUnsafeBytes { value in
          switch comparison {
          case .equal: string.elementsEqual(value)
          case .notEqual: !string.elementsEqual(value)
          case .less: precedes(string, value)
          case .lessOrEqual: !precedes(value, string)
          case .greater: precedes(value, string)
          case .greaterOrEqual: !precedes(string, value)
          }
        }
      }
    } else {
      let set = Set(values)
      passes = { set.contains(Array($0)) }
    }
    return strings.bytes.withUnsafeBytes { bytes in
      (0..<column.count).map {
        column.validity[$0] && passes(UnsafeRawBufferPointer(rebasing: bytes[strings.range($0)]))
      }
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
