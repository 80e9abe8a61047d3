/// Decodes a `Decodable` type from a row: its coding keys are columns.
struct RowDecoder: Decoder {
  let row: RowReader
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(RowContainer<Key>(row: row))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw TokyoDataError(.unsupported, "a row decodes by names, not as a list; decode a tuple instead")
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    guard row.batch.columns.count == 1 else {
      throw TokyoDataError(
        .typeMismatch, "a row of \(row.batch.columns.count) columns does not decode as one value")
    }
    return CellDecoder(row: row, index: 0)
  }
}

/// The columns of a row as a keyed container.
private struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let row: RowReader
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { row.batch.schema.fields.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { row.names.index(of: key.stringValue) != nil }

  func decodeNil(forKey key: Key) throws -> Bool {
    try !row.batch.columns[index(key)].validity[row.row]
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key) }

  func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
    try CellDecoder(row: row, index: index(key)).decode(Value.self)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy _: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try CellDecoder(row: row, index: index(key)).container(keyedBy: Nested.self)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try CellDecoder(row: row, index: index(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { RowDecoder(row: row) }

  func superDecoder(forKey key: Key) throws -> any Decoder { CellDecoder(row: row, index: try index(key)) }

  private func index(_ key: Key) throws(TokyoDataError) -> Int {
    try row.names.requiredIndex(of: key.stringValue)
  }

  private func value<Value: ColumnRepresentable>(_ key: Key) throws(TokyoDataError) -> Value {
    try row.value(at: index(key))
  }
}

/// One slot of a row, for types that decode from a single value.
struct CellDecoder: Decoder, SingleValueDecodingContainer {
  let row: RowReader
  let index: Int
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
    try nested.container(keyedBy: Key.self)
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try nested.unkeyedContainer() }

  private var nested: ValueDecoder {
    let column = row.batch.columns[index]
    return ValueDecoder(row: row, index: index, type: column.type, value: column[row.row])
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { !row.batch.columns[index].validity[row.row] }

  func decode(_ type: Bool.Type) throws -> Bool { try row.value(at: index) }
  func decode(_ type: String.Type) throws -> String { try row.value(at: index) }
  func decode(_ type: Double.Type) throws -> Double { try row.value(at: index) }
  func decode(_ type: Float.Type) throws -> Float { try row.value(at: index) }
  func decode(_ type: Int.Type) throws -> Int { try row.value(at: index) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try row.value(at: index) }
  func decode(_ type: Int32.Type) throws -> Int32 { try row.value(at: index) }
  func decode(_ type: Int64.Type) throws -> Int64 { try row.value(at: index) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  func decode<Value: Decodable>(_: Value.Type) throws -> Value {
    if let representable = Value.self as? any ColumnRepresentable.Type {
      let found = row.batch.columns[index][row.row]
      guard let value = representable.init(columnValue: found) as? Value else {
        throw row.mismatch(at: index, isNull: found.isNull, Value.self)
      }
      return value
    }
    return try Value(from: self)
  }

  private func integer<Value: FixedWidthInteger>() throws(TokyoDataError) -> Value {
    guard let value = Value(exactly: try row.value(at: index, as: Int64.self)) else {
      throw row.mismatch(at: index, isNull: false, Value.self)
    }
    return value
  }
}
