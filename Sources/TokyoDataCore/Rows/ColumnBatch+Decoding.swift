extension ColumnBatch {
  /// The rows as values of a type, by its coding keys.
  ///
  /// A key finds the column of exactly its name, else the only one that differs in case and underscores
  /// alone: `customerID` reads `customer_id`. Optional properties may lack their column.
  ///
  /// - Throws: `TokyoDataError` naming column, row and types, never a value; or what the type's own decoding
  ///   throws.
  public func decode<Row: Decodable>(_: Row.Type = Row.self) throws -> [Row] {
    try rows { try $0.decode(Row.self) }
  }

  /// The rows as values of a row type.
  ///
  /// - Throws: `TokyoDataError` naming column, row and types, never a value; or what the type's own reading
  ///   throws.
  public func decode<Row: DatasetRow>(_: Row.Type = Row.self) throws -> [Row] {
    try rows { try Row(reading: $0) }
  }

  /// The rows as values of a row type.
  ///
  /// - Throws: as the types alone.
  public func decode<Row: DatasetRow & Decodable>(_: Row.Type = Row.self) throws -> [Row] {
    try rows { try Row(reading: $0) }
  }

  /// The rows of a batch of one column as values.
  ///
  /// - Throws: as for tuples.
  public func decode<Value: ColumnRepresentable & Decodable>(_: Value.Type = Value.self) throws -> [Value] {
    try tuples(Value.self)
  }

  /// The rows of a batch of one column as values.
  ///
  /// - Throws: as for tuples.
  public func decode<Value: ColumnRepresentable>(_: Value.Type = Value.self) throws -> [Value] {
    try tuples(Value.self)
  }

  /// The rows as tuples, column by column: `decode((Day, Decimal128, Int).self)`.
  ///
  /// - Throws: `TokyoDataError.typeMismatch` where there are more or fewer columns than elements, or naming
  ///   column, row and types where a value is not exactly one of its element's type.
  public func decode<each Value: ColumnRepresentable>(
    _: (repeat each Value).Type = (repeat each Value).self
  ) throws -> [(repeat each Value)] {
    try tuples((repeat each Value).self)
  }

  private func tuples<each Value: ColumnRepresentable>(
    _: (repeat each Value).Type
  ) throws -> [(repeat each Value)] {
    var count = 0
    for _ in repeat (each Value).self { count += 1 }
    guard count == columns.count else {
      throw TokyoDataError(.typeMismatch, "\(columns.count) columns do not decode as a tuple of \(count)")
    }
    return try rows { row in
      var column = 0
      func next<Element: ColumnRepresentable>(_: Element.Type) throws -> Element {
        defer { column += 1 }
        return try row.value(at: column, as: Element.self)
      }
      return (repeat try next((each Value).self))
    }
  }

  private func rows<Row>(_ read: (RowReader) throws -> Row) throws -> [Row] {
    var reader = RowReader(self)
    var rows: [Row] = []
    rows.reserveCapacity(rowCount)
    for row in 0..<rowCount {
      reader.row = row
      rows.append(try read(reader))
    }
    return rows
  }
}
