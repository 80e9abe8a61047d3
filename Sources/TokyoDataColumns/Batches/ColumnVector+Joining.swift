extension ColumnVector {
  /// The slots of all columns, which have the type, in order.
  ///
  /// - Throws: `ColumnError.valueOutOfRange` where texts would pass 2 GiB, or elements 2³¹.
  package static func joining(
    _ columns: [ColumnVector], type: ColumnType
  ) throws(ColumnError) -> ColumnVector {
    if columns.count == 1 { return columns[0] }
    var validity = ValidityBuilder()
    for column in columns { validity.append(column.validity) }
    let storage: ColumnStorage =
      switch type {
      case .bool: .bool(columns.flatMap { Bool.values(of: $0) ?? [] })
      case .int8: .int8(columns.flatMap { Int8.values(of: $0) ?? [] })
      case .int16: .int16(columns.flatMap { Int16.values(of: $0) ?? [] })
      case .int32, .date: .int32(columns.flatMap { Int32.values(of: $0) ?? [] })
      case .int64, .time, .timestamp, .localTimestamp: .int64(columns.flatMap { Int64.values(of: $0) ?? [] })
      case .float: .float(columns.flatMap { Float.values(of: $0) ?? [] })
      case .double: .double(columns.flatMap { Double.values(of: $0) ?? [] })
      case .decimal: .decimal(columns.flatMap { Int128.values(of: $0) ?? [] })
      case .string, .bytes: .byteStrings(try ByteStrings.joining(columns))
      case .list(let element): try joiningLists(columns, element.type)
      case .structure(let fields): try joiningStructures(columns, fields)
      case .map(let key, let value): try joiningMaps(columns, key, value.type)
      }
    return ColumnVector(type: type, storage: storage, validity: validity.finish())
  }

  private static func joiningLists(
    _ columns: [ColumnVector], _ type: ColumnType
  ) throws(ColumnError) -> ColumnStorage {
    var (offsets, elements): ([[Int32]], [ColumnVector]) = ([], [])
    for column in columns {
      guard case .list(let ends, let part) = column.storage else { continue }
      offsets.append(ends)
      elements.append(part)
    }
    return .list(offsets: try joiningOffsets(offsets), elements: try joining(elements, type: type))
  }

  private static func joiningStructures(
    _ columns: [ColumnVector], _ fields: [ColumnField]
  ) throws(ColumnError) -> ColumnStorage {
    var joined: [ColumnVector] = []
    for (index, field) in fields.enumerated() {
      joined.append(try joining(columns.compactMap { $0.fields?[index] }, type: field.type))
    }
    return .structure(joined)
  }

  private static func joiningMaps(
    _ columns: [ColumnVector], _ key: ColumnType, _ value: ColumnType
  ) throws(ColumnError) -> ColumnStorage {
    var (offsets, keys, values): ([[Int32]], [ColumnVector], [ColumnVector]) = ([], [], [])
    for column in columns {
      guard case .map(let ends, let keyPart, let valuePart) = column.storage else { continue }
      offsets.append(ends)
      keys.append(keyPart)
      values.append(valuePart)
    }
    return .map(
      offsets: try joiningOffsets(offsets), keys: try joining(keys, type: key),
      values: try joining(values, type: value))
  }

  /// Offsets of parts that are laid end to end.
  fileprivate static func joiningOffsets(_ parts: [[Int32]]) throws(ColumnError) -> [Int32] {
    var offsets: [Int32] = [0]
    offsets.reserveCapacity(parts.reduce(1) { $0 + $1.count - 1 })
    var start = 0
    for part in parts {
      let end = start + Int(part[part.count - 1])
      guard end <= Int(Int32.max) else {
        throw ColumnError(.valueOutOfRange, "a column of one batch holds at most 2 GiB of bytes or elements")
      }
      for offset in part.dropFirst() { offsets.append(Int32(truncatingIfNeeded: start + Int(offset))) }
      start = end
    }
    return offsets
  }
}

extension ByteStrings {
  fileprivate static func joining(_ columns: [ColumnVector]) throws(ColumnError) -> ByteStrings {
    var (offsets, bytes): ([[Int32]], [UInt8]) = ([], [])
    for column in columns {
      guard case .byteStrings(let part) = column.storage else { continue }
      offsets.append(part.offsets)
      bytes.append(contentsOf: part.bytes)
    }
    return ByteStrings(offsets: try ColumnVector.joiningOffsets(offsets), bytes: bytes)
  }
}
