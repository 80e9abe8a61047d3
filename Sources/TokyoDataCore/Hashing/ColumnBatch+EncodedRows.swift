extension ColumnBatch {
  /// Each row as it is encoded for its hash, in the order of these bytes: the same list for the same rows in any
  /// order.
  package var encodedRows: [[UInt8]] {
    var encoder = RowEncoder()
    return (0..<rowCount)
      .map { row in
        encoder.removeAll()
        for column in columns { encoder.append(slot: row, of: column) }
        return encoder.bytes
      }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}
