extension ColumnVector {
  /// A column of nulls only.
  static func nulls(_ type: ColumnType, count: Int) -> ColumnVector {
    var builder = ColumnBuilder(type)
    builder.reserve(count)
    for _ in 0..<count { builder.appendNull() }
    return builder.finish()
  }

  /// A column that repeats a value, which its type can hold.
  static func repeating(
    _ value: ColumnValue, _ type: ColumnType, count: Int
  ) throws(TokyoDataError) -> ColumnVector {
    var builder = ColumnBuilder(type)
    do throws(ColumnError) { try builder.append(value) } catch { throw TokyoDataError(error) }
    let one = builder.finish()
    return one.gathering(Array(repeating: 0, count: count))
  }

  /// The values of integers, dates, times and truths as 64-bit integers; null slots hold zero.
  var integers: [Int64] {
    if case .integers(let values) = OrderedValues(self) { values } else { [] }
  }

  /// The values of integers and decimals as unscaled digits.
  var digits: [Int128] {
    if case .decimal(let values) = storage { values } else { integers.map { Int128($0) } }
  }

  /// The values of any numbers as the nearest binary64 ones.
  var doubles: [Double] {
    switch storage {
    case .double(let values): values
    case .float(let values): values.map { Double($0) }
    case .decimal(let values):
      values.map { Decimal128(unchecked: $0, scale: type.exactScale ?? 0).nearestDouble }
    default: integers.map { Double($0) }
    }
  }
}

extension Validity {
  /// The slots that hold a value in both.
  func intersection(_ other: Validity) -> Validity {
    guard let words else { return other }
    guard let otherWords = other.words else { return self }
    var both = words
    var valid = 0
    for index in both.indices {
      both[index] &= otherWords[index]
      valid += both[index].nonzeroBitCount
    }
    return Validity(count: count, nullCount: count - valid, words: both)
  }

  /// The validity in which these slots hold a value.
  init(_ isValid: [Bool]) {
    var builder = ValidityBuilder()
    for bit in isValid { if bit { builder.appendValid() } else { builder.appendNull() } }
    self = builder.finish()
  }

  /// One truth a slot: it holds a value.
  var mask: [Bool] {
    guard words != nil else { return Array(repeating: true, count: count) }
    return (0..<count).map { self[$0] }
  }
}
