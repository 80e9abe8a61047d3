public import TokyoDataCore

/// A document for a `json` or `jsonb` column, and one read from it.
///
/// We bring no JSON coder: hand yours over, for instance Foundation's.
///
/// ```swift
/// let document = try PostgresJSON(invoice, by: JSONEncoder().encode)
/// try await connection.execute("INSERT INTO invoices (document) VALUES (\(document))")
/// let invoice = try PostgresJSON(text).decode(Invoice.self, by: JSONDecoder().decode)
/// ```
public struct PostgresJSON: Hashable, Sendable, PostgresBindable, PostgresArrayBindable {
  /// The document as it stands.
  public var text: String

  /// Takes a document as it stands; the server checks it.
  public init(_ text: String) { self.text = text }

  /// Encodes a value to UTF-8.
  ///
  /// - Throws: what `encode` throws, or `PostgresError.valueNotRepresentable` where it leaves no valid UTF-8.
  public init<Value: Encodable, Bytes: Collection<UInt8>>(
    _ value: Value, by encode: (Value) throws -> Bytes
  ) throws {
    guard let text = String(validating: try encode(value), as: UTF8.self) else {
      throw PostgresError(.valueNotRepresentable, "the encoder's JSON is not valid UTF-8")
    }
    self.text = text
  }

  /// Decodes a value from UTF-8.
  ///
  /// - Throws: what `decode` throws.
  public func decode<Value: Decodable, Bytes: RangeReplaceableCollection<UInt8>>(
    _ type: Value.Type = Value.self, by decode: (Value.Type, Bytes) throws -> Value
  ) throws -> Value {
    try decode(type, Bytes(text.utf8))
  }

  /// The document as a bind.
  public var postgresBind: PostgresBind { .text(text) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.inferred) }
}

extension PostgresJSON: ColumnRepresentable {
  /// Text.
  public static var columnType: ColumnType? { .string }

  /// The document as it stands.
  public init?(columnValue: ColumnValue) {
    guard case .string(let text) = columnValue else { return nil }
    self.text = text
  }

  /// The document as it stands.
  public var columnValue: ColumnValue { .string(text) }
}
