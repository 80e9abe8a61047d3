extension FilterProgram {
  /// One truth a row: the filter is true for it.
  func mask(_ input: ExpressionEvaluator) throws(TokyoDataError) -> [Bool] {
    switch self {
    case .constant(let truth): return Array(repeating: truth, count: input.rowCount)
    case .all(let parts):
      var mask = Array(repeating: true, count: input.rowCount)
      for part in parts {
        let other = try part.mask(input)
        for index in mask.indices { mask[index] = mask[index] && other[index] }
      }
      return mask
    case .any(let parts):
      var mask = Array(repeating: false, count: input.rowCount)
      for part in parts {
        let other = try part.mask(input)
        for index in mask.indices { mask[index] = mask[index] || other[index] }
      }
      return mask
    case .isNull(let value, let truth):
      return try input.evaluate(value).validity.mask.map { $0 != truth }
    case .hasPrefix(let value, let prefix, let truth):
      let column = try input.evaluate(value)
      guard case .byteStrings(let strings) = column.storage else { return [] }
      let mask = strings.mask {
        $0.count >= prefix.count && $0.prefix(prefix.count).elementsEqual(prefix) == true
      }
      return mask.matching(truth, column.validity)
    case .isIn(let value, let set, let truth):
      let column = try input.evaluate(value)
      return set.mask(column).matching(truth, column.validity)
    case .literal(let value, let comparison, let literal):
      let column = try input.evaluate(value)
      return ComparisonKernel(comparison).mask(column, literal).matching(true, column.validity)
    case .columns(let left, let comparison, let right):
      let (a, b) = (try input.evaluate(left), try input.evaluate(right))
      return ComparisonKernel(comparison).mask(a, b)
        .matching(true, a.validity.intersection(b.validity))
    }
  }
}

extension [Bool] {
  /// Where the mask says so and the slot is not null.
  fileprivate consuming func matching(_ truth: Bool, _ validity: Validity) -> [Bool] {
    var mask = self
    if !truth { for index in mask.indices { mask[index] = !mask[index] } }
    if validity.nullCount > 0 { for index in mask.indices where !validity[index] { mask[index] = false } }
    return mask
  }

  /// The positions that are true; nil where all are.
  var selection: [Int]? {
    var rows: [Int] = []
    rows.reserveCapacity(count)
    for index in indices where self[index] { rows.append(index) }
    return rows.count == count ? nil : rows
  }
}

extension ByteStrings {
  /// One truth a slot.
  @inline(__always)
  func mask(_ body: (UnsafeRawBufferPointer) -> Bool) -> [Bool] {
    bytes.withUnsafeBytes { base in
      var mask = [Bool](repeating: false, count: count)
      for index in mask.indices { mask[index] = body(slot(index, in: base)) }
      return mask
    }
  }
}

extension LiteralSet {
  /// One truth a slot; that of null slots means nothing.
  fileprivate func mask(_ column: ColumnVector) -> [Bool] {
    var mask: [Bool]
    switch OrderedValues(column) {
    case .digits(let values): mask = values.map(digits.contains)
    case .bytes(let strings): mask = strings.mask { bytes.find($0) >= 0 }
    case .integers(let values):
      if column.type.isFloatingPoint { return values.map(floats.contains) }
      mask = values.map(integers.contains)
    }
    if !floats.isEmpty {
      let others = column.doubles.map { floats.contains(FloatOrder.rank($0)) }
      for index in mask.indices { mask[index] = mask[index] || others[index] }
    }
    return mask
  }
}
