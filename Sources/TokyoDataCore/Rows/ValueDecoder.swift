/// Decodes a value of a nested type: a list, a structure by the names of its fields, a map by its keys.
struct ValueDecoder: Decoder {
  /// The row and column in which the value lies, for errors.
  let row: RowReader
  let index: Int
  let type: ColumnType
  let value: ColumnValue
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
    var parts: [String: ValueDecoder] = [:]
    switch (type, value) {
    case (.structure(let fields), .structure(let values)):
      for (field, value) in zip(fields, values) { parts[field.name] = part(field.type, value) }
    case (.map(.string, let element), .map(let entries)):
      for entry in entries {
        if case .string(let key) = entry.key { parts[key] = part(element.type, entry.value) }
      }
    default: throw mismatch("structure")
    }
    return KeyedDecodingContainer(PartContainer(parts: parts, whole: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let element) = type, case .list(let values) = value else { throw mismatch("list") }
    return ElementContainer(elements: values.map { part(element.type, $0) }, whole: self)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  /// Decodes whatever the type asks for.
  func decoded<Decoded: Decodable>(_: Decoded.Type = Decoded.self) throws -> Decoded {
    if let representable = Decoded.self as? any ColumnRepresentable.Type {
      guard let decoded = representable.init(columnValue: value) as? Decoded else {
        throw mismatch("\(Decoded.self)")
      }
      return decoded
    }
    // The unsigned ones and `Int8`, which would ask this decoder again.
    if let integer = Decoded.self as? any FixedWidthInteger.Type {
      guard case .int(let value) = value, let decoded = integer.init(exactly: value) as? Decoded else {
        throw mismatch("\(Decoded.self)")
      }
      return decoded
    }
    return try Decoded(from: self)
  }

  private func part(_ type: ColumnType, _ value: ColumnValue) -> ValueDecoder {
    ValueDecoder(row: row, index: index, type: type, value: value)
  }

  private func mismatch(_ what: String) -> TokyoDataError {
    error("\(value.isNull ? "a null" : "a value") of type \(type) \(place) is no \(what)")
  }

  var place: String { row.place(of: index) }

  func error(_ message: String) -> TokyoDataError {
    TokyoDataError(
      .typeMismatch, message, context: .init(column: row.batch.schema.fields[index].name))
  }
}

extension ValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value.isNull }
  func decode<Value: Decodable>(_: Value.Type) throws -> Value { try decoded() }
}

/// The fields of a structure, or the values of a map, by their names.
private struct PartContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let parts: [String: ValueDecoder]
  let whole: ValueDecoder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { parts.keys.sorted().compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { parts[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try part(key).decodeNil() }

  func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value { try part(key).decoded() }

  func nestedContainer<Nested: CodingKey>(
    keyedBy _: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try part(key).container(keyedBy: Nested.self)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try part(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { whole }

  func superDecoder(forKey key: Key) throws -> any Decoder { try part(key) }

  private func part(_ key: Key) throws(TokyoDataError) -> ValueDecoder {
    guard let part = parts[key.stringValue] else {
      throw whole.error("a value of type \(whole.type) \(whole.place) has no \(key.stringValue)")
    }
    return part
  }
}

/// The elements of a list, one after the other.
private struct ElementContainer: UnkeyedDecodingContainer {
  let elements: [ValueDecoder]
  let whole: ValueDecoder
  var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, elements[currentIndex].decodeNil() else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_: Value.Type) throws -> Value { try next().decoded() }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy _: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try next().container(keyedBy: Nested.self)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }

  private mutating func next() throws(TokyoDataError) -> ValueDecoder {
    guard !isAtEnd else {
      throw whole.error("a list \(whole.place) has \(elements.count) elements only")
    }
    defer { currentIndex += 1 }
    return elements[currentIndex]
  }
}
