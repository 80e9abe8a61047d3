extension ColumnBatch {
  /// Each row as it is encoded for its hash, in the order of these bytes: the same list for the same rows in any
  /// order.
  package var encodedRows: [[UInt8]] {
    var encoder = RowEncoder()
    return (0..<rowCount)
      .map { row in
        encoder.encode(row: row, of: self)
        return encoder.bytes
      }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}
