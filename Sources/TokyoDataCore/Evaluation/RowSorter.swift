/// Sorts the rows of a batch by some of its columns.
///
/// A column at a time: rows are sorted by the first key alone, then every run of equals by the next. So what
/// is moved and compared is small and of one type.
struct RowSorter {
  let keys: [SortKey]

  /// The positions of the rows in their order; equal rows stay in theirs.
  func order(of batch: ColumnBatch) -> [Int] {
    var rows = (0..<batch.rowCount).map { Int32(truncatingIfNeeded: $0) }
    // Brought to their sortable form once, not for every run.
    let columns = keys.map { key in
      let column = batch.columns[key.column]
      return SortColumn(key: key, values: OrderedValues(column), validity: column.validity)
    }
    Self.sort(&rows, 0..<rows.count, by: columns[...])
    return rows.map { Int($0) }
  }

  private struct SortColumn {
    let key: SortKey
    let values: OrderedValues
    let validity: Validity
  }

  private static func sort(
    _ rows: inout [Int32], _ range: Range<Int>, by columns: ArraySlice<SortColumn>
  ) {
    guard range.count > 1, let column = columns.first else { return }
    let rest = columns.dropFirst()
    let key = column.key
    let (nulls, values) = separateNulls(&rows, range, column.validity, first: key.nullsFirst)
    sort(&rows, nulls, by: rest)
    let runs: [Range<Int>] =
      switch column.values {
      case .integers(let all): sort(&rows, values, all, key.isDescending)
      case .digits(let all): sort(&rows, values, all, key.isDescending)
      case .bytes(let all): sort(&rows, values, all, key.isDescending)
      }
    for run in runs { sort(&rows, run, by: rest) }
  }

  /// Moves the rows with a null to one end, each part in its old order.
  private static func separateNulls(
    _ rows: inout [Int32], _ range: Range<Int>, _ validity: Validity, first: Bool
  ) -> (nulls: Range<Int>, values: Range<Int>) {
    guard validity.nullCount > 0 else { return (range.lowerBound..<range.lowerBound, range) }
    let nulls = rows[range].filter { !validity[Int($0)] }
    let values = rows[range].filter { validity[Int($0)] }
    rows.replaceSubrange(range, with: first ? nulls + values : values + nulls)
    let split = range.lowerBound + (first ? nulls.count : values.count)
    let (low, high) = (range.lowerBound..<split, split..<range.upperBound)
    return first ? (low, high) : (high, low)
  }

  /// Sorts rows by their integers, and tells the runs of equal ones that have more than one row.
  private static func sort<Value: FixedWidthInteger>(
    _ rows: inout [Int32], _ range: Range<Int>, _ values: [Value], _ isDescending: Bool
  ) -> [Range<Int>] {
    // The complement of an integer reverses its order.
    var pairs = rows[range].map { row in
      (value: isDescending ? ~values[Int(row)] : values[Int(row)], row: row)
    }
    pairs.sort { $0.value == $1.value ? $0.row < $1.row : $0.value < $1.value }
    for (offset, pair) in pairs.enumerated() { rows[range.lowerBound + offset] = pair.row }
    return runs(range) { pairs[$0].value == pairs[$1].value }
  }

  /// The same for byte strings, whose first eight bytes mostly decide.
  private static func sort(
    _ rows: inout [Int32], _ range: Range<Int>, _ strings: ByteStrings, _ isDescending: Bool
  ) -> [Range<Int>] {
    strings.bytes.withUnsafeBytes { base in
      var pairs = rows[range].map { row in
        (prefix: prefix(strings.slot(Int(row), in: base)), row: row)
      }
      func compare(_ left: (prefix: UInt64, row: Int32), _ right: (prefix: UInt64, row: Int32)) -> Int {
        if left.prefix != right.prefix { return left.prefix < right.prefix ? -1 : 1 }
        return ByteOrder.compare(
          strings.slot(Int(left.row), in: base), strings.slot(Int(right.row), in: base))
      }
      pairs.sort { left, right in
        let order = compare(left, right)
        return order == 0 ? left.row < right.row : (order < 0) != isDescending
      }
      for (offset, pair) in pairs.enumerated() { rows[range.lowerBound + offset] = pair.row }
      return runs(range) { compare(pairs[$0], pairs[$1]) == 0 }
    }
  }

  /// The first eight bytes as a number in the order of the bytes; short strings are filled with zeros.
  private static func prefix(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    if bytes.count >= 8 { return UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }
    var prefix: UInt64 = 0
    for index in 0..<8 { prefix = prefix << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
    return prefix
  }

  /// The runs of neighbors, by their offsets, that are equal.
  private static func runs(_ range: Range<Int>, _ areEqual: (Int, Int) -> Bool) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for offset in 1..<max(range.count, 1) + 1 where offset <= range.count {
      if offset < range.count && areEqual(offset - 1, offset) { continue }
      if offset - start > 1 { runs.append(range.lowerBound + start..<range.lowerBound + offset) }
      start = offset
    }
    return runs
  }
}
