extension ColumnBatch {
  /// The rows at these positions.
  func rows(_ positions: [Int]) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) { return try gathering(positions) } catch { throw TokyoDataError(error) }
  }

  /// The rows of all batches in order, joined a column at a time.
  static func joined(_ batches: [ColumnBatch], schema: ColumnSchema) throws(TokyoDataError) -> ColumnBatch {
    if batches.count == 1 { return batches[0] }
    var columns: [ColumnVector] = []
    for (index, field) in schema.fields.enumerated() {
      columns.append(try .joined(batches.map { $0.columns[index] }, field.type))
    }
    let rowCount = batches.reduce(0) { $0 + $1.rowCount }
    do throws(ColumnError) {
      return try ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
    } catch {
      throw TokyoDataError(error)
    }
  }
}

extension ColumnVector {
  /// The slots of all columns, which have the type, in order.
  fileprivate static func joined(
    _ columns: [ColumnVector], _ type: ColumnType
  ) throws(TokyoDataError) -> ColumnVector {
    var validity = ValidityBuilder()
    for column in columns { validity.append(column.validity) }
    var strings = ByteStrings()
    if type == .string || type == .bytes {
      for column in columns {
        guard case .byteStrings(let part) = column.storage else { continue }
        let start = strings.bytes.count
        guard start + part.bytes.count <= Int(Int32.max) else {
          throw TokyoDataError(.valueOutOfRange, "a column of one batch holds at most 2 GiB of bytes")
        }
        strings.bytes.append(contentsOf: part.bytes)
        strings.offsets.append(
          contentsOf: part.offsets.dropFirst().map { Int32(truncatingIfNeeded: start + Int($0)) })
      }
    }
    let storage: ColumnStorage =
      switch type {
      case .bool: .bool(columns.flatMap { Bool.values(of: $0) ?? [] })
      case .int16: .int16(columns.flatMap { Int16.values(of: $0) ?? [] })
      case .int32, .date: .int32(columns.flatMap { Int32.values(of: $0) ?? [] })
      case .int64, .timestamp, .localTimestamp: .int64(columns.flatMap { Int64.values(of: $0) ?? [] })
      case .float: .float(columns.flatMap { Float.values(of: $0) ?? [] })
      case .double: .double(columns.flatMap { Double.values(of: $0) ?? [] })
      case .decimal: .decimal(columns.flatMap { Int128.values(of: $0) ?? [] })
      case .string, .bytes: .byteStrings(strings)
      }
    return ColumnVector(type: type, storage: storage, validity: validity.finish())
  }
}
