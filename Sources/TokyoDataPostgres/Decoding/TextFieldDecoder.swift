internal import TokyoDataCore

/// Reads fields of results that came as text because one of their columns has a type we cannot read in binary.
struct TextFieldDecoder: Hashable, Sendable {
  var type: ColumnType

  /// Decodes a field that is not NULL into the column.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` without column.
  func decode(_ bytes: UnsafeRawBufferPointer, into column: inout ColumnBuilder) throws(PostgresError) {
    if type == .string { return try FieldDecoder.append(text: bytes, to: &column) }
    guard let text = String(validating: bytes, as: UTF8.self), let value = value(text) else {
      throw PostgresError(.valueNotRepresentable, "a text is not a \(type) that we can hold")
    }
    do throws(ColumnError) { try column.append(value) } catch {
      throw PostgresError(.valueNotRepresentable, error.message, cause: error)
    }
  }

  private func value(_ text: String) -> ColumnValue? {
    switch type {
    case .bool: text == "t" ? .bool(true) : (text == "f" ? .bool(false) : nil)
    case .int8, .int16, .int32, .int64: Int64(text).map { .int($0) }
    case .float: Float(text).map { .float($0) }
    case .double: Double(text).map { .double($0) }
    case .decimal: Decimal128(text).map { .decimal($0) }
    case .date: Day(text).map { .date($0) }
    case .time: TimeOfDay(text).map { .time($0) }
    case .timestamp: Timestamp(text).map { .timestamp($0) }
    case .localTimestamp: LocalTimestamp(text).map { .localTimestamp($0) }
    case .bytes: Self.hexadecimal(text).map { .bytes($0) }
    case .string: .string(text)
    case .list, .structure, .map: nil
    }
  }

  /// The bytes of `\x…`, the form that `bytea_output = hex` gives.
  private static func hexadecimal(_ text: String) -> [UInt8]? {
    guard text.hasPrefix("\\x") else { return nil }
    return HexadecimalText.bytes(Array(text.utf8.dropFirst(2)))
  }
}
