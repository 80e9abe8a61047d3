/// Adds, subtracts and multiplies whole columns.
struct ArithmeticKernel {
  enum Operation { case add, subtract, multiply }

  let operation: Operation
  /// `int64`, a decimal or `double`, as typing settled it.
  let type: ColumnType

  func combine(_ left: ColumnVector, _ right: ColumnVector) throws(TokyoDataError) -> ColumnVector {
    let validity = left.validity.intersection(right.validity)
    let storage: ColumnStorage =
      switch type {
      case .int64: .int64(try integers(left.integers, right.integers, validity))
      case .decimal(_, let scale): .decimal(try decimals(left, right, scale: scale, validity))
      default: .double(doubles(left.doubles, right.doubles, validity))
      }
    return ColumnVector(type: type, storage: storage, validity: validity)
  }

  private func integers(
    _ left: [Int64], _ right: [Int64], _ validity: Validity
  ) throws(TokyoDataError) -> [Int64] {
    switch operation {
    case .add: try checked(left, right, validity) { $0.addingReportingOverflow($1) }
    case .subtract: try checked(left, right, validity) { $0.subtractingReportingOverflow($1) }
    case .multiply: try checked(left, right, validity) { $0.multipliedReportingOverflow(by: $1) }
    }
  }

  private func decimals(
    _ left: ColumnVector, _ right: ColumnVector, scale: Int, _ validity: Validity
  ) throws(TokyoDataError) -> [Int128] {
    switch operation {
    case .multiply:
      return try checked(left.digits, right.digits, validity) {
        $0.decimal($0.multipliedReportingOverflow(by: $1))
      }
    case .add:
      let (a, b) = (try rescaled(left, scale, validity), try rescaled(right, scale, validity))
      return try checked(a, b, validity) { $0.decimal($0.addingReportingOverflow($1)) }
    case .subtract:
      let (a, b) = (try rescaled(left, scale, validity), try rescaled(right, scale, validity))
      return try checked(a, b, validity) { $0.decimal($0.subtractingReportingOverflow($1)) }
    }
  }

  private func rescaled(
    _ column: ColumnVector, _ scale: Int, _ validity: Validity
  ) throws(TokyoDataError) -> [Int128] {
    let digits = column.digits
    let places = scale - (column.type.exactScale ?? 0)
    guard places > 0 else { return digits }
    let factor = Decimal128.powerOfTen(places)
    return try checked(digits, digits, validity) { value, _ in
      value.decimal(value.multipliedReportingOverflow(by: factor))
    }
  }

  private func doubles(_ left: [Double], _ right: [Double], _ validity: Validity) -> [Double] {
    var result = [Double](repeating: 0, count: left.count)
    for index in left.indices where validity[index] {
      result[index] =
        switch operation {
        case .add: left[index] + right[index]
        case .subtract: left[index] - right[index]
        case .multiply: left[index] * right[index]
        }
    }
    return result
  }

  /// Applies an operation to each slot; what overflows under a null does not count and becomes zero.
  @inline(__always)
  private func checked<Value: FixedWidthInteger>(
    _ left: [Value], _ right: [Value], _ validity: Validity,
    _ body: (Value, Value) -> (partialValue: Value, overflow: Bool)
  ) throws(TokyoDataError) -> [Value] {
    var result = [Value](repeating: 0, count: left.count)
    let hasNulls = validity.nullCount > 0
    for index in left.indices {
      if hasNulls && !validity[index] { continue }
      let (value, overflow) = body(left[index], right[index])
      guard !overflow else {
        throw TokyoDataError(.valueOutOfRange, "arithmetic on a row does not fit \(type)")
      }
      result[index] = value
    }
    return result
  }
}

extension Int128 {
  /// What an operation gave, where more than 38 digits overflow too.
  @inline(__always)
  fileprivate func decimal(_ result: (partialValue: Int128, overflow: Bool)) -> (
    partialValue: Int128, overflow: Bool
  ) {
    (result.partialValue, result.overflow || !Decimal128.fits(result.partialValue, precision: 38))
  }
}
