extension CacheCoding {
  /// A batch as the value of a cache: its columns' buffers one after the other, as they lie in memory.
  ///
  /// - Throws: `TokyoDataError.unsupported` for columns of nested types, `.valueOutOfRange` beyond 256 MB.
  public func bytes(of batch: ColumnBatch) throws(TokyoDataError) -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(littleEndian: UInt64(batch.rowCount))
    for (field, column) in zip(batch.schema.fields, batch.columns) {
      let words = column.validity.words ?? []
      payload.append(littleEndian: UInt64(words.count))
      payload.appendMemory(of: words)
      guard payload.append(column.storage) else {
        throw TokyoDataError(
          .unsupported, "a cache keeps no columns of nested types such as \(field.type)",
          context: .init(column: field.name))
      }
    }
    return try seal(payload, .batch, fingerprint: batch.schema.cacheFingerprint)
  }

  /// The batch that the bytes are, or nil where they are damaged, or no batch of the schema.
  public func batch(from bytes: [UInt8], schema: ColumnSchema) -> ColumnBatch? {
    batch(from: bytes, schema: schema, fingerprint: schema.cacheFingerprint)
  }

  /// The same, of a schema whose fingerprint is at hand.
  func batch(from bytes: [UInt8], schema: ColumnSchema, fingerprint: UInt64) -> ColumnBatch? {
    guard let payload = open(bytes, .batch, fingerprint: fingerprint) else { return nil }
    var reader = ByteReader(payload)
    guard let rowCount = reader.integer(UInt64.self).flatMap(Int.init(exactly:)),
      rowCount <= Int(Int32.max)
    else { return nil }
    var columns: [ColumnVector] = []
    for field in schema.fields {
      guard let validity = reader.validity(rowCount), let storage = reader.storage(field.type, rowCount)
      else {
        return nil
      }
      columns.append(ColumnVector(type: field.type, storage: storage, validity: validity))
    }
    guard reader.isAtEnd else { return nil }
    // Also refuses nulls where the schema has none.
    return try? ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
  }
}

extension ColumnSchema {
  /// Differs for schemas that differ in a name, a type, an order or in what may be null.
  var cacheFingerprint: UInt64 {
    var text: [UInt8] = []
    for field in fields {
      // Lengths first, so that no name can pretend to be two.
      let (name, type) = (Array(field.name.utf8), Array(field.type.description.utf8))
      text.append(littleEndian: UInt32(truncatingIfNeeded: name.count))
      text += name
      text.append(littleEndian: UInt32(truncatingIfNeeded: type.count))
      text += type
      text.append(field.isNullable ? 1 : 0)
    }
    return XXH64.hash(text, seed: 0)
  }
}

extension [UInt8] {
  /// Both ends are little-endian machines: all that Swift runs on here are.
  fileprivate mutating func appendMemory<Value: BitwiseCopyable>(of values: [Value]) {
    values.withUnsafeBytes { append(contentsOf: $0) }
  }

  /// Adds the buffers of a column, and tells whether it is of a kind that can be added.
  fileprivate mutating func append(_ storage: ColumnStorage) -> Bool {
    switch storage {
    case .bool(let values): append(contentsOf: values.lazy.map { $0 ? 1 : 0 })
    case .int8(let values): appendMemory(of: values)
    case .int16(let values): appendMemory(of: values)
    case .int32(let values): appendMemory(of: values)
    case .int64(let values): appendMemory(of: values)
    case .float(let values): appendMemory(of: values)
    case .double(let values): appendMemory(of: values)
    case .decimal(let values): appendMemory(of: values)
    case .byteStrings(let strings):
      append(littleEndian: UInt64(strings.bytes.count))
      appendMemory(of: strings.offsets)
      append(contentsOf: strings.bytes)
    case .list, .structure, .map: return false
    }
    return true
  }
}

extension ByteReader {
  fileprivate mutating func validity(_ rowCount: Int) -> Validity? {
    guard let count = integer(UInt64.self).flatMap(Int.init(exactly:)) else { return nil }
    guard count > 0 else { return Validity(allValid: rowCount) }
    guard count == (rowCount + 63) / 64, let words = values(count, of: UInt64.self) else { return nil }
    let valid = words.reduce(0) { $0 + $1.nonzeroBitCount }
    let last = rowCount & 63
    guard last == 0 || words[count - 1] >> UInt64(last) == 0, valid < rowCount else { return nil }
    return Validity(count: rowCount, nullCount: rowCount - valid, words: words)
  }

  fileprivate mutating func storage(_ type: ColumnType, _ count: Int) -> ColumnStorage? {
    switch type {
    case .bool:
      guard let bytes = values(count, of: UInt8.self), bytes.allSatisfy({ $0 < 2 }) else { return nil }
      return .bool(bytes.map { $0 == 1 })
    case .int8: return values(count, of: Int8.self).map { .int8($0) }
    case .int16: return values(count, of: Int16.self).map { .int16($0) }
    case .int32, .date: return values(count, of: Int32.self).map { .int32($0) }
    case .int64, .time, .timestamp, .localTimestamp: return values(count, of: Int64.self).map { .int64($0) }
    case .float: return values(count, of: Float.self).map { .float($0) }
    case .double: return values(count, of: Double.self).map { .double($0) }
    case .decimal(let precision, _):
      let bound = Decimal128.powerOfTen(precision).magnitude
      guard let digits = values(count, of: Int128.self), digits.allSatisfy({ $0.magnitude < bound }) else {
        return nil
      }
      return .decimal(digits)
    case .string, .bytes: return byteStrings(count)
    case .list, .structure, .map: return nil
    }
  }

  private mutating func byteStrings(_ count: Int) -> ColumnStorage? {
    guard let byteCount = integer(UInt64.self).flatMap(Int32.init(exactly:)),
      let offsets = values(count + 1, of: Int32.self), offsets.first == 0, offsets.last == byteCount,
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }),
      let bytes = values(Int(byteCount), of: UInt8.self)
    else { return nil }
    return .byteStrings(ByteStrings(offsets: offsets, bytes: bytes))
  }
}
