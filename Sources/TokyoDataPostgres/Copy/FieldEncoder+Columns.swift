internal import TokyoDataCore

/// Whole columns, without a value of its own for any slot: first how long the fields are, then their bytes.
extension FieldEncoder {
  /// Adds to each row's width what the column's field has beside its length of four bytes.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable`.
  func measure(
    _ rows: Range<Int>, of column: ColumnVector, adding widths: inout [Int], _ encoded: inout EncodedFields
  ) throws(PostgresError) {
    let validity = SlotValidity(column.validity)
    if let fixedWidth {
      for row in rows where validity[row] { widths[row - rows.lowerBound] += fixedWidth }
      return
    }
    switch column.storage {
    case .byteStrings(let strings):
      let block = Int(strings.offsets[rows.lowerBound])..<Int(strings.offsets[rows.upperBound])
      guard self.column != .string || !strings.bytes[block].contains(0) else {
        throw PostgresError(.valueNotRepresentable, "PostgreSQL texts hold no NUL character")
      }
      let prefix = builtIn == .jsonb ? 1 : 0
      for row in rows where validity[row] {
        widths[row - rows.lowerBound] += strings.range(row).count + prefix
      }
    case .decimal(let values):
      for row in rows where validity[row] {
        widths[row - rows.lowerBound] += NumericWire.length(values[row], scale: scale)
      }
    default:
      encoded.removeAll()
      for row in rows {
        let start = encoded.bytes.count
        try Self.append(column[row], as: target.form, to: &encoded.bytes)
        encoded.ends.append(encoded.bytes.count)
        widths[row - rows.lowerBound] += encoded.bytes.count - start - 4
      }
    }
  }

  /// Writes each row's field to its place, and moves the place behind it.
  ///
  /// The rows were measured before, so all of it has room.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable`.
  func write(
    _ rows: Range<Int>, of column: ColumnVector, _ encoded: EncodedFields, to base: UnsafeMutableRawPointer,
    at places: UnsafeMutablePointer<Int>
  ) throws(PostgresError) {
    let output = FieldOutput(
      rows: rows, validity: SlotValidity(column.validity), base: base, places: places)
    switch (column.storage, builtIn) {
    case (.bool(let values), _): try output.write(values) { UInt8($0 ? 1 : 0) }
    case (.int8(let values), _): try writeIntegers(values, output)
    case (.int16(let values), _): try writeIntegers(values, output)
    case (.int32(let values), .date):
      try output.write(values) { value throws(PostgresError) in try CalendarWire.date(value) }
    case (.int32(let values), _): try writeIntegers(values, output)
    case (.int64(let values), .timestamptz), (.int64(let values), .timestamp):
      try output.write(values) { value throws(PostgresError) in try CalendarWire.timestamp(value) }
    case (.int64(let values), .time):
      try output.write(values) { value throws(PostgresError) in
        try CalendarWire.microsecondsSinceMidnight(value)
      }
    case (.int64(let values), _): try writeIntegers(values, output)
    case (.float(let values), .float4): try output.write(values) { $0.bitPattern }
    case (.float(let values), _): try output.write(values) { Double($0).bitPattern }
    case (.double(let values), _): try output.write(values) { $0.bitPattern }
    case (.decimal(let values), _):
      output.write { row, place in NumericWire.write(values[row], scale: scale, to: place) }
    case (.byteStrings(let strings), .uuid):
      try output.writeBytes { row throws(PostgresError) in try Self.uuid(strings[row]) }
    case (.byteStrings(let strings), let type): output.write(strings, prefix: type == .jsonb ? 1 : nil)
    case (.list, _), (.structure, _), (.map, _): output.write(encoded)
    }
  }

  private func writeIntegers<Integer: FixedWidthInteger>(
    _ values: [Integer], _ output: FieldOutput
  ) throws(PostgresError) {
    switch builtIn {
    case .int2:
      try output.write(values) { value throws(PostgresError) in try Self.narrowed(value, to: Int16.self) }
    case .int4:
      try output.write(values) { value throws(PostgresError) in try Self.narrowed(value, to: Int32.self) }
    case .oid:
      try output.write(values) { value throws(PostgresError) in try Self.narrowed(value, to: UInt32.self) }
    default: try output.write(values) { Int64(truncatingIfNeeded: $0) }
    }
  }

  private var builtIn: PostgresType? {
    if case .builtIn(let type) = target.form { type } else { nil }
  }

  private var scale: Int { column.exactScale ?? 0 }
}
