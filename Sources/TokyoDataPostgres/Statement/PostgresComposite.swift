/// A value of a composite type, made of its fields in order.
///
/// ```swift
/// let address = PostgresComposite("Rue de Rivoli", 12, nil)
/// try await connection.execute("INSERT INTO people (address) VALUES (\(address))")
/// ```
///
/// Its place decides the type; where nothing does, a cast says it: `\(address)::address`.
public struct PostgresComposite: Hashable, Sendable, PostgresBindable, PostgresArrayBindable {
  /// The fields as binds.
  public var fields: [PostgresBind]

  /// Makes a value of its fields; nil is NULL.
  public init(_ fields: (any PostgresBindable)?...) {
    self.fields = fields.map { $0?.postgresBind ?? .null(.inferred) }
  }

  /// The value as a bind.
  public var postgresBind: PostgresBind { .composite(fields) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.inferred) }
}
