internal import TokyoDataColumns

/// Collects texts or byte strings, without the nulls, end to end.
struct ByteArrayChunkBuilder: ColumnChunkBuilder {
  private let isText: Bool
  // 32 bits suffice: a row group holds back at most 1 GiB and then one stretch of a batch, itself below 2 GiB.
  private var offsets: [UInt32] = [0]
  private var bytes: [UInt8] = []
  private var validity = Bitmap()

  init(isText: Bool) { self.isText = isText }

  var byteCount: Int { bytes.count + 4 * offsets.count + validity.count / 8 }

  mutating func removeAll() {
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    bytes.removeAll(keepingCapacity: true)
    validity.removeAll()
  }

  mutating func append(_ column: ColumnVector, _ rows: Range<Int>) throws(ParquetError) {
    guard case .byteStrings(let source) = column.storage else {
      throw ParquetError(.schemaMismatch, "a column that holds no byte strings")
    }
    validity.append(column.validity, rows)
    // Null slots hold no bytes, so the bytes of all rows are those of the values.
    let shared = Int(source.offsets[rows.lowerBound])..<Int(source.offsets[rows.upperBound])
    guard bytes.count + shared.count <= Int(UInt32.max) else {
      throw ParquetError(.valueOutOfRange, "more than 4 GiB of one column in a row group")
    }
    let shift = bytes.count - shared.lowerBound
    bytes.append(contentsOf: source.bytes[shared])
    guard let words = column.validity.words else {
      for index in rows { offsets.append(UInt32(truncatingIfNeeded: Int(source.offsets[index + 1]) + shift)) }
      return
    }
    forEachSetStretch(rows, of: words) { stretch in
      for index in stretch {
        offsets.append(UInt32(truncatingIfNeeded: Int(source.offsets[index + 1]) + shift))
      }
    }
  }

  func encode(_ settings: ChunkSettings) throws(ParquetError) -> EncodedChunk {
    var result: Result<EncodedChunk, ParquetError>?
    offsets.withUnsafeBufferPointer { offsets in
      bytes.withUnsafeBytes { bytes in
        do throws(ParquetError) {
          result = .success(try encode(ByteArraySlices(offsets: offsets, bytes: bytes), settings))
        } catch { result = .failure(error) }
      }
    }
    guard let result else { throw ParquetError(.invalidArgument, "a column without memory") }
    return try result.get()
  }

  private func encode(
    _ strings: ByteArraySlices, _ settings: ChunkSettings
  ) throws(ParquetError) -> EncodedChunk {
    var writer = PageWriter(settings)
    let options = settings.options
    if let dictionary = ByteArrayDictionary(strings, limit: options.dictionaryBytes) {
      try writer.writeDictionary(count: dictionary.keys.count) { (body) throws(ParquetError) in
        for key in dictionary.keys { Self.appendPlain(strings[key], to: &body) }
      }
      for plan in PagePlan.pages(validity, rowsPerPage: options.pageRows) {
        try writer.writeIndices(dictionary.ids, keyCount: dictionary.keys.count, plan, validity)
      }
      return writer.finish(
        bounds: bounds(dictionary.keys.count) { strings[dictionary.keys[$0]] },
        nullCount: validity.unsetCount, encoding: .rleDictionary)
    }
    let plans = PagePlan.pages(validity, rowsPerPage: options.pageRows, bytes: options.pageBytes) {
      strings[$0].count + 4
    }
    for plan in plans {
      try writer.writeData(plan.rows, validity, encoding: .plain) { (body) throws(ParquetError) in
        for index in plan.values { Self.appendPlain(strings[index], to: &body) }
      }
    }
    return writer.finish(
      bounds: bounds(strings.count) { strings[$0] }, nullCount: validity.unsetCount, encoding: .plain)
  }

  private static func appendPlain(_ string: UnsafeRawBufferPointer, to body: inout ByteBuffer) {
    body.append(littleEndian: UInt32(truncatingIfNeeded: string.count))
    body.append(string)
  }

  private func bounds(_ count: Int, _ string: (Int) -> UnsafeRawBufferPointer) -> ValueBounds? {
    byteStringBounds(count, string).map {
      ValueBounds(minimum: .bytes(Array(string($0.minimum))), maximum: .bytes(Array(string($0.maximum))))
    }
  }
}
