/// Keeps the least or greatest value of each group.
struct ExtremeState: AggregateState {
  let wantsGreatest: Bool
  // One of these is in use; plain properties are changed in place.
  private var integers: [Int64] = []
  private var digits: [Int128] = []
  private var bytes: [[UInt8]] = []
  private var hasValue: [Bool] = []

  init(greatest: Bool) {
    wantsGreatest = greatest
  }

  mutating func grow(to groupCount: Int) {
    integers.pad(to: groupCount, with: 0)
    digits.pad(to: groupCount, with: 0)
    bytes.pad(to: groupCount, with: [])
    hasValue.pad(to: groupCount, with: false)
  }

  mutating func update(_ column: ColumnVector?, _ assignment: GroupAssignment) {
    guard let column else { return }
    let greatest = wantsGreatest
    switch OrderedValues(column) {
    case .integers(let values):
      assignment.forEachValue(of: column.validity) { row, group in
        let value = values[row]
        if !hasValue[group] || (greatest ? value > integers[group] : value < integers[group]) {
          integers[group] = value
          hasValue[group] = true
        }
      }
    case .digits(let values):
      assignment.forEachValue(of: column.validity) { row, group in
        let value = values[row]
        if !hasValue[group] || (greatest ? value > digits[group] : value < digits[group]) {
          digits[group] = value
          hasValue[group] = true
        }
      }
    case .bytes(let strings):
      strings.bytes.withUnsafeBytes { base in
        assignment.forEachValue(of: column.validity) { row, group in
          let value = strings.slot(row, in: base)
          let order = hasValue[group] ? bytes[group].withUnsafeBytes { ByteOrder.compare(value, $0) } : 0
          if !hasValue[group] || (greatest ? order > 0 : order < 0) {
            bytes[group] = Array(value)
            hasValue[group] = true
          }
        }
      }
    }
  }

  func finish(as type: ColumnType) throws(TokyoDataError) -> ColumnVector {
    let values: OrderedValues
    switch type {
    case .decimal: values = .digits(digits)
    case .string, .bytes:
      var strings = ByteStrings()
      for value in bytes {
        strings.bytes.append(contentsOf: value)
        guard let end = Int32(exactly: strings.bytes.count) else {
          throw TokyoDataError(.valueOutOfRange, "a column of one batch holds at most 2 GiB of bytes")
        }
        strings.offsets.append(end)
      }
      values = .bytes(strings)
    default: values = .integers(integers)
    }
    // Groups without values keep the zero of their kind, which as a rank must not become a NaN or −0.0.
    return ColumnVector(type: type, storage: values.storage(for: type), validity: Validity(hasValue))
  }
}
