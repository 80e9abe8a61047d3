internal import TokyoDataColumns

/// Collects numbers of 32, 64 or 128 bits, without the nulls, as the bits that the file will have.
struct FixedWidthChunkBuilder<Bits: FixedWidthInteger & UnsignedInteger & Sendable>: ColumnChunkBuilder {
  private let type: ColumnType
  /// The bytes of a value in the file, which for decimals may be fewer than those of `Bits`.
  private let width: Int
  private var values: [Bits] = []
  private var validity = Bitmap()

  init(type: ColumnType, width: Int) {
    self.type = type
    self.width = width
  }

  var byteCount: Int { values.count * MemoryLayout<Bits>.size + validity.count / 8 }

  mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    validity.removeAll()
  }

  mutating func append(_ column: ColumnVector, _ rows: Range<Int>) throws(ParquetError) {
    switch column.storage {
    case .int16(let source): append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0) }
    case .int32(let source): append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0) }
    case .int64(let source): append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0) }
    case .float(let source): append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0.bitPattern) }
    case .double(let source):
      append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0.bitPattern) }
    case .decimal(let source):
      try requirePrecision(source, rows)
      append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0) }
    case .int8(let source): append(source, column.validity, rows) { Bits(truncatingIfNeeded: $0) }
    case .bool, .byteStrings, .list, .structure, .map:
      throw ParquetError(.schemaMismatch, "a column that holds no numbers of fixed width")
    }
  }

  /// Narrowing is only exact within the precision that the schema states.
  private func requirePrecision(_ source: [Int128], _ rows: Range<Int>) throws(ParquetError) {
    guard case .decimal(let precision, _) = type else { return }
    var fits = true
    for value in source[rows] { fits = fits && Decimal128.fits(value, precision: precision) }
    guard fits else {
      throw ParquetError(.valueOutOfRange, "a decimal of more digits than its column has")
    }
  }

  @inline(__always)
  private mutating func append<Value>(
    _ source: [Value], _ nulls: Validity, _ rows: Range<Int>, _ bits: (Value) -> Bits
  ) {
    validity.append(nulls, rows)
    source.withUnsafeBufferPointer { source in
      guard let words = nulls.words else {
        for index in rows { values.append(bits(source[index])) }
        return
      }
      forEachSetStretch(rows, of: words) { stretch in
        for index in stretch { values.append(bits(source[index])) }
      }
    }
  }
}

extension FixedWidthChunkBuilder {
  func encode(_ settings: ChunkSettings) throws(ParquetError) -> EncodedChunk {
    let dictionary = values.withUnsafeBufferPointer {
      FixedWidthDictionary($0, width: width, limit: settings.options.dictionaryBytes)
    }
    if let dictionary { return try encode(dictionary, settings) }
    var writer = PageWriter(settings)
    let rowsPerPage = min(settings.options.pageRows, max(1, settings.options.pageBytes / width))
    for plan in PagePlan.pages(validity, rowsPerPage: rowsPerPage) {
      try writer.writeData(plan.rows, validity, encoding: .plain) { (body) throws(ParquetError) in
        values.withUnsafeBufferPointer { writePlain($0[plan.values], into: &body) }
      }
    }
    return writer.finish(
      bounds: values.withUnsafeBufferPointer { bounds(of: $0) }, nullCount: validity.unsetCount,
      encoding: .plain)
  }

  private func encode(
    _ dictionary: FixedWidthDictionary<Bits>, _ settings: ChunkSettings
  ) throws(ParquetError) -> EncodedChunk {
    var writer = PageWriter(settings)
    try writer.writeDictionary(count: dictionary.keys.count) { (body) throws(ParquetError) in
      dictionary.keys.withUnsafeBufferPointer { writePlain($0[...], into: &body) }
    }
    for plan in PagePlan.pages(validity, rowsPerPage: settings.options.pageRows) {
      try writer.writeIndices(dictionary.ids, keyCount: dictionary.keys.count, plan, validity)
    }
    return writer.finish(
      bounds: dictionary.keys.withUnsafeBufferPointer { bounds(of: $0) }, nullCount: validity.unsetCount,
      encoding: .rleDictionary)
  }

  private func writePlain(_ values: Slice<UnsafeBufferPointer<Bits>>, into body: inout ByteBuffer) {
    let target = body.reserve(values.count * width + MemoryLayout<Bits>.size)
    var offset = 0
    if Bits.bitWidth == 128 {
      // Decimals of fixed length: the lowest bytes, the highest of them first.
      for value in values {
        let shifted = value << Bits(128 - width * 8)
        target.storeBytes(of: shifted.bigEndian, toByteOffset: offset, as: Bits.self)
        offset &+= width
      }
    } else {
      for value in values {
        target.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Bits.self)
        offset &+= width
      }
    }
    body.commit(offset)
  }

  private func bounds(of values: UnsafeBufferPointer<Bits>) -> ValueBounds? {
    switch type {
    case .float:
      return floatingPointBounds(values) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        .map { ValueBounds(minimum: .double(Double($0)), maximum: .double(Double($1))) }
    case .double:
      return floatingPointBounds(values) { Double(bitPattern: UInt64(truncatingIfNeeded: $0)) }
        .map { ValueBounds(minimum: .double($0), maximum: .double($1)) }
    case .decimal:
      return signedBounds(of: values).map { ValueBounds(minimum: .decimal($0), maximum: .decimal($1)) }
    default:
      return signedBounds(of: values).map {
        ValueBounds(
          minimum: .integer(Int64(truncatingIfNeeded: $0)), maximum: .integer(Int64(truncatingIfNeeded: $1)))
      }
    }
  }

  private func signedBounds(of values: UnsafeBufferPointer<Bits>) -> (Int128, Int128)? {
    switch width {
    case 4 where Bits.bitWidth == 32: integerBounds(values, as: Int32.self).map { (Int128($0), Int128($1)) }
    case 8 where Bits.bitWidth == 64: integerBounds(values, as: Int64.self).map { (Int128($0), Int128($1)) }
    default: integerBounds(values, as: Int128.self)
    }
  }
}
