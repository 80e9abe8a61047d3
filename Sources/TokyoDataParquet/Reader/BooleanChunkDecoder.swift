internal import TokyoDataColumns

/// Reads booleans, as bits or as runs.
struct BooleanChunkDecoder: ColumnChunkDecoder {
  var reader: PageReader
  private var page: DataPage?
  /// Bits of the page that are already read.
  private var bitsRead = 0

  init(reader: PageReader) { self.reader = reader }

  mutating func decode(_ count: Int) throws(ParquetError) -> ColumnVector {
    try reader.requireBudget(count, width: 1)
    var validity = Bitmap()
    var values: [Bool] = []
    var done = 0
    while done < count {
      if page?.left ?? 0 == 0 {
        page = try reader.nextDataPage { (_, _) throws(ParquetError) in
          throw .corrupted("a dictionary of booleans")
        }
        bitsRead = 0
      }
      guard var current = page.take() else { throw .corrupted("no page") }
      let taken = min(count - done, current.left)
      let valid = try current.readLevels(taken, into: &validity)
      let dense = try decodeValues(valid, of: &current)
      var read = 0
      for slot in done..<done + taken {
        let isValid = validity.bits(at: slot, length: 1) == 1
        values.append(isValid && dense[read])
        if isValid { read += 1 }
      }
      page = current
      done += taken
    }
    return ColumnVector(type: .bool, storage: .bool(values), validity: validity.validity())
  }

  private mutating func decodeValues(_ count: Int, of page: inout DataPage) throws(ParquetError) -> [Bool] {
    guard count > 0 else { return [] }
    switch page.encoding {
    case .plain:
      guard bitsRead + count <= (page.body.count - page.valuePosition) * 8 else {
        throw .corrupted("values end early")
      }
      defer { bitsRead += count }
      return (bitsRead..<bitsRead + count).map {
        page.body[page.valuePosition + $0 >> 3] >> UInt8($0 & 7) & 1 == 1
      }
    case .rle:
      if page.integers == nil {
        let length = try DataPage.length(page.body, at: page.valuePosition)
        let start = page.valuePosition + 4
        page.integers = try HybridDecoder(width: 1, range: start..<start + length)
      }
      guard var decoder = page.integers.take() else { throw .corrupted("values end early") }
      var bits = [UInt32](repeating: 0, count: count)
      let body = page.body
      var failure: ParquetError?
      bits.withUnsafeMutableBufferPointer { target in
        do throws(ParquetError) {
          try body.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
            if let base = target.baseAddress { try decoder.decode(count, of: bytes, into: base) }
          }
        } catch { failure = error }
      }
      if let failure { throw failure }
      page.integers = decoder
      return bits.map { $0 != 0 }
    default: throw PageReader.unsupported(page.encoding)
    }
  }
}
