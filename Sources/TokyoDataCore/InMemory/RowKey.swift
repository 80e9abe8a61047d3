/// A row's primary key, comparable within its dataset.
///
/// One integer, date or instant, as most keys are, costs no allocation.
enum RowKey: Hashable, Sendable {
  case integer(Int64)
  case bytes([UInt8])

  // Keys of one dataset are of one case, so the case needs no hashing.
  func hash(into hasher: inout Hasher) {
    switch self {
    case .integer(let value): hasher.combine(value)
    case .bytes(let bytes): bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }
}

/// The primary keys of a batch's rows.
struct RowKeys {
  private let columns: [ColumnVector]
  private let integers: [Int64]?

  /// Takes the columns with these names, of which at least one must be.
  init(_ batch: ColumnBatch, columns names: [String]) throws(ColumnError) {
    columns = try batch.selecting(names).columns
    integers = columns.count == 1 ? Self.integers(of: columns[0]) : nil
  }

  subscript(row: Int) -> RowKey {
    if let integers { return .integer(integers[row]) }
    var bytes: [UInt8] = []
    for column in columns { Self.append(column, row, to: &bytes) }
    return .bytes(bytes)
  }

  private static func integers(of column: ColumnVector) -> [Int64]? {
    guard column.nullCount == 0 else { return nil }
    return switch column.storage {
    case .int8(let values): values.map(Int64.init)
    case .int16(let values): values.map(Int64.init)
    case .int32(let values): values.map(Int64.init)
    case .int64(let values): values
    default: nil
    }
  }

  /// Appends a value so that no two different keys become the same bytes: what varies in length says how long.
  private static func append(_ column: ColumnVector, _ row: Int, to bytes: inout [UInt8]) {
    guard column.validity[row] else { return bytes.append(0) }
    bytes.append(1)
    switch column.storage {
    case .bool(let values): bytes.append(values[row] ? 1 : 0)
    case .int8(let values): append(values[row], to: &bytes)
    case .int16(let values): append(values[row], to: &bytes)
    case .int32(let values): append(values[row], to: &bytes)
    case .int64(let values): append(values[row], to: &bytes)
    case .float(let values): append(canonical(values[row]).bitPattern, to: &bytes)
    case .double(let values): append(canonical(values[row]).bitPattern, to: &bytes)
    case .decimal(let values): append(values[row], to: &bytes)
    case .byteStrings(let strings):
      let value = strings[row]
      append(UInt32(truncatingIfNeeded: value.count), to: &bytes)
      bytes.append(contentsOf: value)
    // Keys are of datasets, which have no nested columns.
    case .list, .structure, .map: break
    }
  }

  /// −0.0 equals 0.0 and every NaN equals every other, as in filters and groups.
  private static func canonical<Number: BinaryFloatingPoint>(_ value: Number) -> Number {
    value.isNaN ? .nan : (value == 0 ? 0 : value)
  }

  private static func append(_ integer: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: integer) { bytes.append(contentsOf: $0) }
  }
}
