public import TokyoDataCore

extension Router {
  /// The rows that answer a query, as values of a type, columns matched by name.
  ///
  /// - Throws: as for `fetch`, and `TokyoDataError` naming column, position and types where a value does not
  ///   fit.
  public func fetch<Row: Decodable>(_ query: Query, as type: Row.Type) async throws -> [Row] {
    try await fetch(query).decode(type)
  }

  /// The rows that answer a typed query, as values of another type, columns matched by name.
  ///
  /// - Throws: as for `fetch`, and `TokyoDataError` naming column, position and types where a value does not
  ///   fit.
  public func fetch<Table: DatasetRow, Row: Decodable>(
    _ query: TableQuery<Table>, as type: Row.Type
  ) async throws -> [Row] {
    try await fetch(query).decode(type)
  }
}
