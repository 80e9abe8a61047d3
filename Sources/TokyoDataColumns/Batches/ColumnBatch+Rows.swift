extension ColumnVector {
  /// The slots at these positions, in their order.
  package func gathering(_ indices: [Int]) -> ColumnVector {
    var validity = ValidityBuilder()
    if nullCount == 0 {
      validity.appendValid(count: indices.count)
    } else {
      for index in indices {
        if self.validity[index] { validity.appendValid() } else { validity.appendNull() }
      }
    }
    let storage: ColumnStorage =
      switch self.storage {
      case .bool(let values): .bool(indices.map { values[$0] })
      case .int16(let values): .int16(indices.map { values[$0] })
      case .int32(let values): .int32(indices.map { values[$0] })
      case .int64(let values): .int64(indices.map { values[$0] })
      case .float(let values): .float(indices.map { values[$0] })
      case .double(let values): .double(indices.map { values[$0] })
      case .decimal(let values): .decimal(indices.map { values[$0] })
      case .byteStrings(let strings): .byteStrings(strings.gathering(indices))
      }
    return ColumnVector(type: type, storage: storage, validity: validity.finish())
  }
}

extension ByteStrings {
  fileprivate func gathering(_ indices: [Int]) -> ByteStrings {
    var result = ByteStrings()
    result.offsets.reserveCapacity(indices.count + 1)
    for index in indices {
      result.bytes.append(contentsOf: self[index])
      result.offsets.append(Int32(truncatingIfNeeded: result.bytes.count))
    }
    return result
  }
}

extension ColumnBatch {
  /// The rows at these positions, in their order; no position may repeat so often that texts pass 2 GiB.
  package func gathering(_ indices: [Int]) throws(ColumnError) -> ColumnBatch {
    try ColumnBatch(schema: schema, columns: columns.map { $0.gathering(indices) }, rowCount: indices.count)
  }

  /// The rows of all batches, which share a schema, in order.
  package static func joining(_ batches: [ColumnBatch], schema: ColumnSchema) throws(ColumnError)
    -> ColumnBatch
  {
    if batches.count == 1 { return batches[0] }
    var builder = ColumnBatchBuilder(schema, capacity: batches.reduce(0) { $0 + $1.rowCount })
    for batch in batches { for row in 0..<batch.rowCount { try builder.append(row: row, of: batch) } }
    return try builder.finish()
  }
}
