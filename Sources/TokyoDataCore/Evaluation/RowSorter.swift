/// Sorts the rows of a batch by some of its columns.
struct RowSorter {
  let keys: [SortKey]

  /// The positions of the rows in their order; equal rows stay in theirs.
  func order(of batch: ColumnBatch) -> [Int] {
    let columns = keys.map {
      (OrderedValues(batch.columns[$0.column]), batch.columns[$0.column].validity, $0)
    }
    var rows = Array(0..<batch.rowCount)
    guard !columns.isEmpty else { return rows }
    rows.sort { left, right in
      for (values, validity, key) in columns {
        let order = Self.compare(left, right, values, validity, key)
        if order != 0 { return order < 0 }
      }
      return left < right
    }
    return rows
  }

  @inline(__always)
  private static func compare(
    _ left: Int, _ right: Int, _ values: OrderedValues, _ validity: Validity, _ key: SortKey
  ) -> Int {
    if validity.nullCount > 0 {
      let (hasLeft, hasRight) = (validity[left], validity[right])
      if hasLeft != hasRight { return hasLeft == key.nullsFirst ? 1 : -1 }
      if !hasLeft { return 0 }
    }
    let order: Int
    switch values {
    case .integers(let values):
      order = values[left] < values[right] ? -1 : (values[left] > values[right] ? 1 : 0)
    case .digits(let values):
      order = values[left] < values[right] ? -1 : (values[left] > values[right] ? 1 : 0)
    case .bytes(let strings):
      order = strings.bytes.withUnsafeBytes {
        ByteOrder.compare(strings.slot(left, in: $0), strings.slot(right, in: $0))
      }
    }
    return key.isDescending ? -order : order
  }
}
