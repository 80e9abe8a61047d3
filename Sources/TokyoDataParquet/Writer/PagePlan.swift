/// Which rows, and which of the values that they have, go into one page.
struct PagePlan {
  let rows: Range<Int>
  let values: Range<Int>

  /// Cuts rows into pages of at most `rowsPerPage`.
  static func pages(_ validity: Bitmap, rowsPerPage: Int) -> [PagePlan] {
    var plans: [PagePlan] = []
    var value = 0
    for start in stride(from: 0, to: validity.count, by: max(1, rowsPerPage)) {
      let rows = start..<min(start + max(1, rowsPerPage), validity.count)
      let end = value + validity.setCount(in: rows)
      plans.append(PagePlan(rows: rows, values: value..<end))
      value = end
    }
    return plans
  }

  /// Cuts rows into pages that end where `size` reaches `bytes`, or after `rowsPerPage`.
  static func pages(
    _ validity: Bitmap, rowsPerPage: Int, bytes: Int, size: (_ value: Int) -> Int
  ) -> [PagePlan] {
    var plans: [PagePlan] = []
    var (rowStart, valueStart, value, pending) = (0, 0, 0, 0)
    for row in 0..<validity.count {
      if validity.bits(at: row, length: 1) == 1 {
        let next = size(value)
        // A value that would carry the page over its size begins a new one, unless it is alone.
        if pending > 0, pending + next > bytes {
          plans.append(PagePlan(rows: rowStart..<row, values: valueStart..<value))
          (rowStart, valueStart, pending) = (row, value, 0)
        }
        pending += next
        value += 1
      }
      if row + 1 - rowStart == rowsPerPage {
        plans.append(PagePlan(rows: rowStart..<row + 1, values: valueStart..<value))
        (rowStart, valueStart, pending) = (row + 1, value, 0)
      }
    }
    if rowStart < validity.count {
      plans.append(PagePlan(rows: rowStart..<validity.count, values: valueStart..<value))
    }
    return plans
  }
}
