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
      case .int8(let values): .int8(indices.map { values[$0] })
      case .int16(let values): .int16(indices.map { values[$0] })
      case .int32(let values): .int32(indices.map { values[$0] })
      case .int64(let values): .int64(indices.map { values[$0] })
      case .float(let values): .float(indices.map { values[$0] })
      case .double(let values): .double(indices.map { values[$0] })
      case .decimal(let values): .decimal(indices.map { values[$0] })
      case .byteStrings(let strings): .byteStrings(strings.gathering(indices))
      case .list(let offsets, let elements):
        Self.gathering(indices, offsets) { .list(offsets: $0, elements: elements.gathering($1)) }
      case .structure(let fields): .structure(fields.map { $0.gathering(indices) })
      case .map(let offsets, let keys, let values):
        Self.gathering(indices, offsets) {
          .map(offsets: $0, keys: keys.gathering($1), values: values.gathering($1))
        }
      }
    return ColumnVector(type: type, storage: storage, validity: validity.finish())
  }

  /// The offsets of chosen slots, and the positions of what lies in them.
  private static func gathering(
    _ indices: [Int], _ offsets: [Int32], _ storage: ([Int32], [Int]) -> ColumnStorage
  ) -> ColumnStorage {
    var (gathered, positions): ([Int32], [Int]) = ([0], [])
    for index in indices {
      positions.append(contentsOf: Int(offsets[index])..<Int(offsets[index + 1]))
      gathered.append(Int32(truncatingIfNeeded: positions.count))
    }
    return storage(gathered, positions)
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

  /// The rows of all batches, which share a schema, in order, joined a column at a time.
  ///
  /// - Throws: `ColumnError.valueOutOfRange` where the texts of a column would pass 2 GiB.
  package static func joining(_ batches: [ColumnBatch], schema: ColumnSchema) throws(ColumnError)
    -> ColumnBatch
  {
    if batches.count == 1 { return batches[0] }
    var columns: [ColumnVector] = []
    for (index, field) in schema.fields.enumerated() {
      do throws(ColumnError) {
        columns.append(try .joining(batches.map { $0.columns[index] }, type: field.type))
      } catch { throw error.inColumn(field.name) }
    }
    return try ColumnBatch(
      schema: schema, columns: columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}
