/// The buffers of a column, one reference-counted array per physical type; null slots hold zero or nothing.
package enum ColumnStorage: Equatable, Sendable {
  case bool([Bool])
  case int8([Int8])
  case int16([Int16])
  /// `int32` and `date` columns.
  case int32([Int32])
  /// `int64`, `time`, `timestamp` and `localTimestamp` columns.
  case int64([Int64])
  case float([Float])
  case double([Double])
  /// Unscaled digits at the column's one scale.
  case decimal([Int128])
  /// `string` and `bytes` columns.
  case byteStrings(ByteStrings)
  /// `list` columns: slot `i` has the elements `offsets[i]..<offsets[i + 1]`, none where it is null.
  indirect case list(offsets: [Int32], elements: ColumnVector)
  /// `structure` columns: as many slots in each field, all of them null where the structure is.
  indirect case structure([ColumnVector])
  /// `map` columns: entries laid end to end as the elements of lists are.
  indirect case map(offsets: [Int32], keys: ColumnVector, values: ColumnVector)

  package var count: Int {
    switch self {
    case .bool(let values): values.count
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float(let values): values.count
    case .double(let values): values.count
    case .decimal(let values): values.count
    case .byteStrings(let strings): strings.count
    case .list(let offsets, _), .map(let offsets, _, _): offsets.count - 1
    case .structure(let fields): fields.first?.count ?? 0
    }
  }

  /// The bytes that the buffers take in memory.
  package var byteCount: Int {
    switch self {
    case .bool(let values): values.count
    case .int8(let values): values.count
    case .int16(let values): values.count * 2
    case .int32(let values): values.count * 4
    case .int64(let values): values.count * 8
    case .float(let values): values.count * 4
    case .double(let values): values.count * 8
    case .decimal(let values): values.count * 16
    case .byteStrings(let strings): strings.offsets.count * 4 + strings.bytes.count
    case .list(let offsets, let elements): offsets.count * 4 + elements.byteCount
    case .structure(let fields): fields.reduce(0) { $0 + $1.byteCount }
    case .map(let offsets, let keys, let values): offsets.count * 4 + keys.byteCount + values.byteCount
    }
  }

  /// The storage is the one in which columns of this type keep their values.
  package func holds(_ type: ColumnType) -> Bool {
    switch (self, type) {
    case (.bool, .bool), (.int8, .int8), (.int16, .int16), (.int32, .int32), (.int32, .date),
      (.int64, .int64),
      (.int64, .time), (.int64, .timestamp), (.int64, .localTimestamp), (.float, .float), (.double, .double),
      (.decimal, .decimal), (.byteStrings, .string), (.byteStrings, .bytes):
      true
    case (.list(_, let elements), .list(let element)): elements.type == element.type
    case (.structure(let vectors), .structure(let fields)): vectors.map(\.type) == fields.map(\.type)
    case (.map(_, let keys, let values), .map(let key, let value)):
      keys.type == key && values.type == value.type
    default: false
    }
  }
}

extension ColumnVector {
  /// The bytes that the column's buffers take in memory.
  package var byteCount: Int { storage.byteCount + (validity.words?.count ?? 0) * 8 }
}
