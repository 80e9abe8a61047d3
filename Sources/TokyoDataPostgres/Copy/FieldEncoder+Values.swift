internal import TokyoDataCore

/// Values within lists, structures and maps, one by one.
extension FieldEncoder {
  /// Adds a value of a nested type as a field: its length, then its bytes.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable`.
  static func append(
    _ value: ColumnValue, as form: WireType.Form, to bytes: inout [UInt8]
  ) throws(PostgresError) {
    if value.isNull { return bytes.append(bigEndian: Int32(-1)) }
    let start = bytes.count
    bytes.append(bigEndian: Int32(0))
    try appendBytes(of: value, as: form, to: &bytes)
    guard let length = Int32(exactly: bytes.count - start - 4) else { throw impossible }
    withUnsafeBytes(of: length.bigEndian) { length in
      for offset in 0..<4 { bytes[start + offset] = length[offset] }
    }
  }

  private static func appendBytes(
    of value: ColumnValue, as form: WireType.Form, to bytes: inout [UInt8]
  ) throws(PostgresError) {
    switch (form, value) {
    case (.builtIn(let type), _): try appendBytes(of: value, as: type, to: &bytes)
    case (.text, .string(let text)): bytes += text.utf8
    case (.array(let element), .list(let values)):
      bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
      bytes.append(bigEndian: Int32(values.contains { $0.isNull } ? 1 : 0))
      bytes.append(bigEndian: element.type.oid)
      guard !values.isEmpty else { return }
      bytes.append(bigEndian: try narrowed(values.count, to: Int32.self))
      bytes.append(bigEndian: Int32(1))
      for value in values { try append(value, as: element.form, to: &bytes) }
    case (.record(let types), .structure(let values)):
      bytes.append(bigEndian: try narrowed(types.count, to: Int32.self))
      for (type, value) in zip(types, values) {
        bytes.append(bigEndian: type.type.oid)
        try append(value, as: type.form, to: &bytes)
      }
    case (.hstore, .map(let entries)):
      bytes.append(bigEndian: try narrowed(entries.count, to: Int32.self))
      for entry in entries {
        try append(entry.key, as: .text, to: &bytes)
        try append(entry.value, as: .text, to: &bytes)
      }
    default: throw impossible
    }
  }

  private static func appendBytes(
    of value: ColumnValue, as type: PostgresType, to bytes: inout [UInt8]
  ) throws(PostgresError) {
    switch (type, value) {
    case (.int2, .int(let value)): bytes.append(bigEndian: try narrowed(value, to: Int16.self))
    case (.int4, .int(let value)): bytes.append(bigEndian: try narrowed(value, to: Int32.self))
    case (.oid, .int(let value)): bytes.append(bigEndian: try narrowed(value, to: UInt32.self))
    case (.float8, .float(let value)): bytes.append(bigEndian: Double(value).bitPattern)
    case (.jsonb, .string(let value)): bytes += [1] + value.utf8
    case (.uuid, .string(let value)): bytes += try uuid(value.utf8)
    default:
      guard let encoded = try value.postgresBind.encoded().bytes else { throw impossible }
      bytes += encoded
    }
  }
}
