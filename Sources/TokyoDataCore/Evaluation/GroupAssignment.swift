/// Which group each row of a batch belongs to.
struct GroupAssignment {
  /// The group of each row; nil where there is one group only.
  let groups: [Int32]?
  let rowCount: Int
  /// How many groups there are so far.
  let groupCount: Int

  /// Calls `body` with the row and group of each slot that holds a value.
  @inline(__always)
  func forEachValue(of validity: Validity, _ body: (_ row: Int, _ group: Int) -> Void) {
    let hasNulls = validity.nullCount > 0
    if let groups {
      for row in 0..<rowCount where !hasNulls || validity[row] { body(row, Int(groups[row])) }
    } else {
      for row in 0..<rowCount where !hasNulls || validity[row] { body(row, 0) }
    }
  }
}
