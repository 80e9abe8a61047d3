internal import TokyoDataColumns

/// Collects booleans, without the nulls.
struct BooleanChunkBuilder: ColumnChunkBuilder {
  private var values = Bitmap()
  private var validity = Bitmap()

  var byteCount: Int { (values.count + validity.count) / 8 }

  mutating func removeAll() {
    values.removeAll()
    validity.removeAll()
  }

  mutating func append(_ column: ColumnVector, _ rows: Range<Int>) throws(ParquetError) {
    guard case .bool(let source) = column.storage else {
      throw ParquetError(.schemaMismatch, "a column that holds no booleans")
    }
    validity.append(column.validity, rows)
    for index in rows where column.validity[index] { values.append(source[index] ? 1 : 0, length: 1) }
  }

  func encode(_ settings: ChunkSettings) throws(ParquetError) -> EncodedChunk {
    var writer = PageWriter(settings)
    for plan in PagePlan.pages(validity, rowsPerPage: settings.options.pageRows) {
      try writer.writeData(plan.rows, validity, encoding: .plain) { (body) throws(ParquetError) in
        for start in stride(from: plan.values.lowerBound, to: plan.values.upperBound, by: 8) {
          let length = min(8, plan.values.upperBound - start)
          body.append(UInt8(truncatingIfNeeded: values.bits(at: start, length: length)))
        }
      }
    }
    var bounds: ValueBounds?
    if values.count > 0 {
      bounds = ValueBounds(
        minimum: .integer(values.unsetCount > 0 ? 0 : 1), maximum: .integer(values.setCount > 0 ? 1 : 0))
    }
    return writer.finish(bounds: bounds, nullCount: validity.unsetCount, encoding: .plain)
  }
}
