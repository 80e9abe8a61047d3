/// What an aggregate remembers of each group; updated a column at a time.
protocol AggregateState: Sendable {
  /// Makes room for groups that came anew.
  mutating func grow(to groupCount: Int)

  /// Adds the slots of a column to their groups; nil for a state that only counts rows.
  mutating func update(_ column: ColumnVector?, _ assignment: GroupAssignment)

  /// One slot a group, of the partial column's type.
  func finish(as type: ColumnType) throws(TokyoDataError) -> ColumnVector
}

/// Counts rows, values, or adds counts of other tiers.
struct CountState: AggregateState {
  enum Kind { case rows, values, tallies }

  let kind: Kind
  private var counts: [Int64] = []

  init(_ kind: Kind) {
    self.kind = kind
  }

  mutating func grow(to groupCount: Int) { counts.pad(to: groupCount, with: 0) }

  mutating func update(_ column: ColumnVector?, _ assignment: GroupAssignment) {
    let validity = column?.validity ?? Validity(allValid: assignment.rowCount)
    if kind == .tallies, let tallies = column?.integers {
      assignment.forEachValue(of: validity) { row, group in counts[group] &+= tallies[row] }
    } else if assignment.groups != nil {
      assignment.forEachValue(of: validity) { _, group in counts[group] &+= 1 }
    } else if assignment.groupCount > 0 {
      counts[0] &+= Int64(validity.count - validity.nullCount)
    }
  }

  func finish(as type: ColumnType) throws(TokyoDataError) -> ColumnVector {
    ColumnVector(type: type, storage: .int64(counts), validity: Validity(allValid: counts.count))
  }
}

/// Adds integers or decimals exactly, with more width than any number of values can fill.
struct ExactSumState: AggregateState {
  /// The lower 128 bits of each sum.
  private var sums: [Int128] = []
  /// What is above them: each sum is `sums + carries × 2^128`.
  private var carries: [Int32] = []
  private var hasValue: [Bool] = []

  mutating func grow(to groupCount: Int) {
    sums.pad(to: groupCount, with: 0)
    carries.pad(to: groupCount, with: 0)
    hasValue.pad(to: groupCount, with: false)
  }

  mutating func update(_ column: ColumnVector?, _ assignment: GroupAssignment) {
    guard let column else { return }
    if case .decimal(let values) = column.storage {
      assignment.forEachValue(of: column.validity) { row, group in add(values[row], to: group) }
    } else {
      let values = column.integers
      assignment.forEachValue(of: column.validity) { row, group in add(Int128(values[row]), to: group) }
    }
  }

  @inline(__always)
  private mutating func add(_ value: Int128, to group: Int) {
    let (sum, overflow) = sums[group].addingReportingOverflow(value)
    sums[group] = sum
    hasValue[group] = true
    if overflow { carries[group] &+= value < 0 ? -1 : 1 }
  }

  func finish(as type: ColumnType) throws(TokyoDataError) -> ColumnVector {
    for group in sums.indices {
      guard carries[group] == 0, Decimal128.fits(sums[group], precision: 38) else {
        throw TokyoDataError(.valueOutOfRange, "a sum needs more than 38 digits")
      }
    }
    return ColumnVector(type: type, storage: .decimal(sums), validity: Validity(hasValue))
  }
}

/// Adds floating-point numbers; inexact, and the last digits depend on the order.
struct FloatSumState: AggregateState {
  private var sums: [Double] = []
  private var hasValue: [Bool] = []

  mutating func grow(to groupCount: Int) {
    sums.pad(to: groupCount, with: 0)
    hasValue.pad(to: groupCount, with: false)
  }

  mutating func update(_ column: ColumnVector?, _ assignment: GroupAssignment) {
    guard let column else { return }
    let values = column.doubles
    assignment.forEachValue(of: column.validity) { row, group in
      sums[group] += values[row]
      hasValue[group] = true
    }
  }

  func finish(as type: ColumnType) throws(TokyoDataError) -> ColumnVector {
    ColumnVector(type: type, storage: .double(sums), validity: Validity(hasValue))
  }
}

extension Array {
  /// Makes it at least so long.
  mutating func pad(to count: Int, with element: Element) {
    if self.count < count { append(contentsOf: repeatElement(element, count: count - self.count)) }
  }
}
