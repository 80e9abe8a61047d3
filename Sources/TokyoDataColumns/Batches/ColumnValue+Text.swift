extension ColumnValue {
  /// The value as text; nil for null.
  ///
  /// ``ColumnType/value(from:)`` reads it back exactly, but for lists, structures and maps, whose parts stand
  /// in brackets for people to read.
  public var text: String? {
    switch self {
    case .null: nil
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): value.description
    case .double(let value): value.description
    case .decimal(let value): value.description
    case .string(let value): value
    case .bytes(let value): value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case .date(let value): value.description
    case .time(let value): value.description
    case .timestamp(let value): value.description
    case .localTimestamp(let value): value.description
    case .list(let elements): "[\(elements.map(\.part).joined(separator: ", "))]"
    case .structure(let fields): "(\(fields.map(\.part).joined(separator: ", ")))"
    case .map(let entries):
      "{\(entries.map { "\($0.key.part): \($0.value.part)" }.joined(separator: ", "))}"
    }
  }

  private var part: String { text ?? "null" }
}

extension ColumnType {
  /// Reads a value of this type from the text that ``ColumnValue/text`` prints.
  ///
  /// Decimals are brought to the type's scale; bytes are hexadecimal.
  ///
  /// - Throws: `ColumnError.typeMismatch` for text that is no such value and for nested types, `.valueOutOfRange` where it does
  ///   not fit.
  public func value(from text: String) throws(ColumnError) -> ColumnValue {
    switch self {
    case .bool: return .bool(try read(text == "true" ? true : (text == "false" ? false : nil)))
    case .int8: return .int(Int64(try read(Int8(text))))
    case .int16: return .int(Int64(try read(Int16(text))))
    case .int32: return .int(Int64(try read(Int32(text))))
    case .int64: return .int(try read(Int64(text)))
    case .float: return .float(try read(Float(text)))
    case .double: return .double(try read(Double(text)))
    case .decimal(let precision, let scale):
      let value = try read(Decimal128(text)).rescaled(to: scale)
      guard Decimal128.fits(value.unscaled, precision: precision) else {
        throw ColumnError(.valueOutOfRange, "a number does not fit \(self)")
      }
      return .decimal(value)
    case .string: return .string(text)
    case .bytes: return .bytes(try read(Self.bytes(fromHex: text)))
    case .date: return .date(try read(Day(text)))
    case .time: return .time(try read(TimeOfDay(text)))
    case .timestamp: return .timestamp(try read(Timestamp(text)))
    case .localTimestamp: return .localTimestamp(try read(LocalTimestamp(text)))
    case .list, .structure, .map:
      throw ColumnError(.typeMismatch, "values of type \(self) are not read from text")
    }
  }

  private func read<Value>(_ value: Value?) throws(ColumnError) -> Value {
    guard let value else { throw ColumnError(.typeMismatch, "the text is no \(self)") }
    return value
  }

  private static func bytes(fromHex text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(byte)
    }
    return bytes
  }
}
