internal import TokyoDataCore

extension ResultColumns.Column {
  /// Adds the value that Athena writes so to the column's builder.
  ///
  /// - Throws: `ColumnError` that does not show the value.
  func append(_ text: CellText, to builder: inout ColumnBuilder) throws(ColumnError) {
    switch field.type {
    case .bool: builder.append(bool: try read(text.bool))
    case .int8: builder.append(int8: try read(text.integer(Int8.self)))
    case .int16: builder.append(int16: try read(text.integer(Int16.self)))
    case .int32: builder.append(int32: try read(text.integer(Int32.self)))
    case .int64: builder.append(int64: try read(text.int64))
    case .float: builder.append(float: try read(text.float))
    case .double: builder.append(double: try read(text.double))
    case .decimal(let precision, let scale):
      builder.append(unscaled: try read(text.unscaled(precision: precision, scale: scale)))
    case .string: try builder.append(bytes: UnsafeRawBufferPointer(text.bytes))
    case .bytes: try builder.append(bytes: try read(text.hexadecimal))
    case .date: builder.append(int32: try read(text.day))
    case .time: builder.append(int64: try read(source == .bigint ? text.int64 : text.timeOfDay))
    case .timestamp where source == .timestampWithZone: builder.append(int64: try read(text.instant))
    case .timestamp, .localTimestamp:
      builder.append(int64: try read(source == .bigint ? text.int64 : text.microseconds))
    case .list, .structure, .map:
      throw ColumnError(.typeMismatch, "nested values do not come as text", column: field.name)
    }
  }

  private func read<Value>(_ value: Value?) throws(ColumnError) -> Value {
    guard let value else {
      throw ColumnError(.valueOutOfRange, "no value of type \(field.type)", column: field.name)
    }
    return value
  }
}
