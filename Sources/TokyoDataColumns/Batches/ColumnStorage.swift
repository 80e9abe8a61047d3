/// Texts or byte strings laid end to end: slot `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
package struct ByteStrings: Hashable, Sendable {
  /// One more offset than slots, ascending from 0.
  package var offsets: [Int32]
  package var bytes: [UInt8]

  package init(offsets: [Int32] = [0], bytes: [UInt8] = []) {
    self.offsets = offsets
    self.bytes = bytes
  }

  package var count: Int { offsets.count - 1 }

  package func range(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }
}

/// The buffers of a column, one reference-counted array per physical type; null slots hold zero or nothing.
package enum ColumnStorage: Hashable, Sendable {
  case bool([Bool])
  case int16([Int16])
  /// `int32` and `date` columns.
  case int32([Int32])
  /// `int64`, `timestamp` and `localTimestamp` columns.
  case int64([Int64])
  case float([Float])
  case double([Double])
  /// Unscaled digits at the column's one scale.
  case decimal([Int128])
  /// `string` and `bytes` columns.
  case byteStrings(ByteStrings)

  package var count: Int {
    switch self {
    case .bool(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float(let values): values.count
    case .double(let values): values.count
    case .decimal(let values): values.count
    case .byteStrings(let strings): strings.count
    }
  }

  /// The storage is the one in which columns of this type keep their values.
  package func holds(_ type: ColumnType) -> Bool {
    switch (self, type) {
    case (.bool, .bool), (.int16, .int16), (.int32, .int32), (.int32, .date), (.int64, .int64),
      (.int64, .timestamp), (.int64, .localTimestamp), (.float, .float), (.double, .double),
      (.decimal, .decimal), (.byteStrings, .string), (.byteStrings, .bytes):
      true
    default: false
    }
  }
}
