internal import TokyoDataCore

/// Reads fields of results that came as text because one of their columns has a type we cannot read in binary.
struct TextFieldDecoder: Hashable, Sendable {
  var type: ColumnType
  var infinities = InfinityPolicy.refuse

  /// Decodes a field that is not NULL into the column.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` without column.
  func decode(_ bytes: UnsafeRawBufferPointer, into column: inout ColumnBuilder) throws(PostgresError) {
    if type == .string { return try FieldDecoder.append(text: bytes, to: &column) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.unreadable(as: type) }
    let value = try value(text, as: type)
    do throws(ColumnError) { try column.append(value) } catch {
      throw PostgresError(.valueNotRepresentable, error.message, cause: error)
    }
  }

  private func value(_ text: String, as type: ColumnType) throws(PostgresError) -> ColumnValue {
    if try isInfinite(text, for: type) { return .null }
    let value: ColumnValue? =
      switch type {
      case .bool: text == "t" ? .bool(true) : (text == "f" ? .bool(false) : nil)
      case .int8, .int16, .int32, .int64: Int64(text).map { .int($0) }
      case .float: Float(text).map { .float($0) }
      case .double: Double(text).map { .double($0) }
      case .decimal: Decimal128(Self.withoutTrailingZeros(text)).map { .decimal($0) }
      case .date: Day(CalendarWireText.civil(text)).map { .date($0) }
      case .time: TimeOfDay(text).map { .time($0) }
      case .timestamp: Timestamp(CalendarWireText.civil(text)).map { .timestamp($0) }
      case .localTimestamp: LocalTimestamp(CalendarWireText.civil(text)).map { .localTimestamp($0) }
      case .bytes: Self.hexadecimal(text).map { .bytes($0) }
      case .string: .string(text)
      case .list(let element): try list(text, of: element.type)
      case .structure(let fields): try structure(text, of: fields)
      case .map(let key, let value): try map(text, from: key, to: value.type)
      }
    guard let value else { throw Self.unreadable(as: type) }
    return value
  }

  private func list(_ text: String, of element: ColumnType) throws(PostgresError) -> ColumnValue? {
    guard let texts = CompositeText.array(text) else { return nil }
    var values: [ColumnValue] = []
    values.reserveCapacity(texts.count)
    for text in texts { values.append(try part(text, as: element)) }
    return .list(values)
  }

  private func structure(_ text: String, of fields: [ColumnField]) throws(PostgresError) -> ColumnValue? {
    guard let texts = CompositeText.record(text), texts.count == fields.count else { return nil }
    var values: [ColumnValue] = []
    for (text, field) in zip(texts, fields) { values.append(try part(text, as: field.type)) }
    return .structure(values)
  }

  private func map(
    _ text: String, from key: ColumnType, to value: ColumnType
  ) throws(PostgresError) -> ColumnValue? {
    guard let pairs = CompositeText.hstore(text) else { return nil }
    var entries: [ColumnMapEntry] = []
    for pair in pairs {
      entries.append(ColumnMapEntry(try part(pair.key, as: key), try part(pair.value, as: value)))
    }
    return .map(entries)
  }

  private func part(_ text: String?, as type: ColumnType) throws(PostgresError) -> ColumnValue {
    guard let text else { return .null }
    return try value(text, as: type)
  }

  /// The text is an infinity or NaN that the column does not have and the policy makes a null.
  private func isInfinite(_ text: String, for type: ColumnType) throws(PostgresError) -> Bool {
    switch type {
    case .date, .timestamp, .localTimestamp:
      guard text == "infinity" || text == "-infinity" else { return false }
      guard infinities == .null else { throw CalendarWire.infinite }
      return true
    case .decimal:
      guard text == "NaN" || text == "Infinity" || text == "-Infinity" else { return false }
      guard infinities == .null else { throw NumericWire.notFinite }
      return true
    default: return false
    }
  }

  /// Places behind the point that say nothing, of which a `numeric` can have thousands.
  private static func withoutTrailingZeros(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
    var end = text.utf8.endIndex
    while let last = text.utf8[..<end].last, last == UInt8(ascii: "0") { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  /// The bytes of `\x…`, the form that `bytea_output = hex` gives.
  private static func hexadecimal(_ text: String) -> [UInt8]? {
    guard text.hasPrefix("\\x") else { return nil }
    return HexadecimalText.bytes(Array(text.utf8.dropFirst(2)))
  }

  private static func unreadable(as type: ColumnType) -> PostgresError {
    PostgresError(.valueNotRepresentable, "a text is not a \(type) that we can hold")
  }
}
