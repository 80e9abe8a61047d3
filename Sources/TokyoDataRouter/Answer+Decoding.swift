public import TokyoDataCore

extension Answer {
  /// The rows as values of a type, columns matched by name.
  ///
  /// - Throws: `TokyoDataError` naming column, position and types where a value does not fit.
  public func decode<Row: Decodable>(_ type: Row.Type = Row.self) throws -> [Row] {
    try batch.decode(type)
  }

  /// The rows as values of a table's row type.
  ///
  /// - Throws: `TokyoDataError` naming column, position and types where a value does not fit.
  public func decode<Row: DatasetRow>(_ type: Row.Type = Row.self) throws -> [Row] {
    try batch.decode(type)
  }

  /// The rows as values of a table's row type that is also `Decodable`.
  ///
  /// - Throws: `TokyoDataError` naming column, position and types where a value does not fit.
  public func decode<Row: DatasetRow & Decodable>(_ type: Row.Type = Row.self) throws -> [Row] {
    try batch.decode(type)
  }

  /// The rows as tuples, columns matched by position.
  ///
  /// - Throws: `TokyoDataError` naming column, position and types where a value does not fit.
  public func decode<each Value: ColumnRepresentable>(
    _ type: (repeat each Value).Type
  ) throws -> [(repeat each Value)] {
    try batch.decode(type)
  }
}

extension Router {
  /// Answers a typed query.
  ///
  /// - Throws: as for `fetch` of a `Query`; an unknown property of the row type is an unknown column.
  public func fetch<Row: DatasetRow>(_ query: TableQuery<Row>) async throws -> Answer {
    try await fetch(query.query)
  }

  /// The plan of a typed query, without reading its rows.
  ///
  /// - Throws: what `fetch` would throw before it reads.
  public func explain<Row: DatasetRow>(_ query: TableQuery<Row>) async throws -> Plan {
    try await explain(query.query)
  }
}
