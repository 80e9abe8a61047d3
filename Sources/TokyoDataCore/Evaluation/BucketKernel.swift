/// Turns a column of times into the first days of their calendar buckets.
struct BucketKernel {
  let bucket: TimeBucket

  func starts(_ column: ColumnVector) -> ColumnVector {
    let days: [Int32]
    if case .int32(let dates) = column.storage {
      days = dates
    } else {
      days = column.integers.map { Int32(clamping: CivilCalendar.split($0).day) }
    }
    let starts = bucket.unit == .day ? days : starts(of: days)
    return ColumnVector(type: .date, storage: .int32(starts), validity: column.validity)
  }

  /// Days of a batch mostly lie close together, so each is looked up, not computed.
  private func starts(of days: [Int32]) -> [Int32] {
    guard let least = days.min(), let greatest = days.max() else { return [] }
    let span = Int(greatest) - Int(least) + 1
    guard span <= max(100_000, days.count) else {
      return days.map { bucket.start(of: Day(daysSince1970: $0)).daysSince1970 }
    }
    let table = (0..<span).map { bucket.start(of: Day(daysSince1970: least + Int32($0))).daysSince1970 }
    return days.map { table[Int($0) - Int(least)] }
  }
}
