/// The distinct values of one key column, each with a code; null is one of them.
struct KeyDictionary: Sendable {
  let type: ColumnType
  // One of these is in use; plain properties are changed in place.
  private var integers = CodeTable<Int64>()
  private var digits = CodeTable<Int128>()
  private var bytes = ByteTable()
  private var nullCode: Int32 = -1

  init(_ type: ColumnType) {
    self.type = type
  }

  /// A code a slot, new ones for new values.
  mutating func codes(of column: ColumnVector) -> [Int32] {
    if column.nullCount > 0, nullCode < 0 {
      switch type {
      case .decimal: nullCode = digits.reserveCode()
      case .string, .bytes: nullCode = bytes.reserveCode()
      default: nullCode = integers.reserveCode()
      }
    }
    let nullCode = nullCode
    switch OrderedValues(column) {
    case .integers(let values):
      return Self.codes(values, column.validity, nullCode) { integers.code(of: $0) }
    case .digits(let values):
      return Self.codes(values, column.validity, nullCode) { digits.code(of: $0) }
    case .bytes(let strings):
      return strings.bytes.withUnsafeBytes { base in
        (0..<strings.count).map { index in
          column.validity[index] ? bytes.code(of: strings.slot(index, in: base)) : nullCode
        }
      }
    }
  }

  /// A code a slot, −1 for unknown values.
  func find(_ column: ColumnVector) -> [Int32] {
    switch OrderedValues(column) {
    case .integers(let values): Self.codes(values, column.validity, nullCode) { integers.find($0) }
    case .digits(let values): Self.codes(values, column.validity, nullCode) { digits.find($0) }
    case .bytes(let strings):
      strings.bytes.withUnsafeBytes { base in
        (0..<strings.count).map { index in
          column.validity[index] ? bytes.find(strings.slot(index, in: base)) : nullCode
        }
      }
    }
  }

  /// The values of some codes, as a column.
  func values(of codes: [Int32]) -> ColumnVector {
    let all: OrderedValues =
      switch type {
      case .decimal: .digits(digits.keys)
      case .string, .bytes: .bytes(bytes.keys)
      default: .integers(integers.keys)
      }
    let storage = all.storage(for: type)
    let validity = Validity((0..<storage.count).map { $0 != Int(nullCode) })
    return ColumnVector(type: type, storage: storage, validity: validity).gathering(codes.map { Int($0) })
  }

  /// Neighbors are often equal, so the last answer is kept.
  @inline(__always)
  private static func codes<Key: FixedWidthInteger>(
    _ values: [Key], _ validity: Validity, _ nullCode: Int32, _ code: (Key) -> Int32
  ) -> [Int32] {
    var codes = [Int32](repeating: 0, count: values.count)
    var last: (key: Key, code: Int32)?
    let hasNulls = validity.nullCount > 0
    for index in values.indices {
      if hasNulls && !validity[index] {
        codes[index] = nullCode
      } else if let last, last.key == values[index] {
        codes[index] = last.code
      } else {
        let found = code(values[index])
        codes[index] = found
        last = (values[index], found)
      }
    }
    return codes
  }
}
