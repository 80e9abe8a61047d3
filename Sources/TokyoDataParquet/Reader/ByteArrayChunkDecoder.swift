internal import TokyoDataColumns

/// Reads texts and byte strings, of their own or of one fixed length, plain or by a dictionary.
struct ByteArrayChunkDecoder: ColumnChunkDecoder {
  private var reader: PageReader
  private let fixedLength: Int?
  private let type: ColumnType
  private var page: DataPage?
  private var dictionary: ByteStrings?

  init(reader: PageReader, fixedLength: Int?, type: ColumnType) {
    self.reader = reader
    self.fixedLength = fixedLength
    self.type = type
  }

  mutating func decode(_ count: Int) throws(ParquetError) -> ColumnVector {
    try reader.requireBudget(count, width: 4)
    var validity = Bitmap()
    var strings = ByteStrings()
    strings.offsets.reserveCapacity(count + 1)
    while strings.count < count {
      if page?.left ?? 0 == 0 { page = try nextPage() }
      guard var current = page.take() else { throw .corrupted("no page") }
      let start = strings.count
      let taken = min(count - start, current.left)
      let valid = try current.readLevels(taken, into: &validity)
      try decodeValues(valid, of: &current, into: &strings)
      if valid < taken { spread(&strings, start, valid: valid, taken, validity) }
      page = current
    }
    return ColumnVector(type: type, storage: .byteStrings(strings), validity: validity.validity())
  }

  private mutating func nextPage() throws(ParquetError) -> DataPage {
    var found: ByteStrings?
    let decoder = self
    let page = try reader.nextDataPage { (body, count) throws(ParquetError) in
      var strings = ByteStrings()
      _ = try decoder.appendPlain(count, of: body, at: 0, to: &strings)
      found = strings
    }
    if let found { dictionary = found }
    return page
  }

  private func decodeValues(
    _ count: Int, of page: inout DataPage, into strings: inout ByteStrings
  ) throws(ParquetError) {
    guard count > 0 else { return }
    if page.encoding == .plain {
      page.valuePosition = try appendPlain(count, of: page.body, at: page.valuePosition, to: &strings)
    } else if page.encoding.isDictionary {
      guard let dictionary else { throw .corrupted("indices without a dictionary") }
      try page.readIndices(count) { (_, ids) throws(ParquetError) in
        try gather(ids, from: dictionary, to: &strings)
      }
    } else {
      throw PageReader.unsupported(page.encoding)
    }
  }

  /// Appends plain strings and gives the place behind them.
  private func appendPlain(
    _ count: Int, of body: [UInt8], at start: Int, to strings: inout ByteStrings
  ) throws(ParquetError) -> Int {
    try body.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      var position = start
      // No room is reserved for the count that the page states before its bytes bear it out.
      for _ in 0..<count {
        var length = fixedLength ?? 0
        if fixedLength == nil {
          guard bytes.count - position >= 4 else { throw .corrupted("values end early") }
          length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
          position += 4
        }
        guard length <= bytes.count - position else { throw .corrupted("values end early") }
        strings.bytes.append(
          contentsOf: UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]))
        position += length
        strings.offsets.append(Int32(truncatingIfNeeded: strings.bytes.count))
        guard strings.bytes.count <= Int(Int32.max) else { throw Self.tooLarge }
      }
      try reader.requireBudget(strings.bytes.count, width: 1)
      return position
    }
  }

  private func gather(
    _ ids: UnsafeBufferPointer<UInt32>, from dictionary: ByteStrings, to strings: inout ByteStrings
  ) throws(ParquetError) {
    var total = strings.bytes.count
    for id in ids {
      guard Int(id) < dictionary.count else { throw .corrupted("an index beyond the dictionary") }
      total += dictionary.range(Int(id)).count
    }
    guard total <= Int(Int32.max) else { throw Self.tooLarge }
    try reader.requireBudget(total, width: 1)
    dictionary.bytes.withUnsafeBytes { bytes in
      for id in ids {
        strings.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[dictionary.range(Int(id))]))
        strings.offsets.append(Int32(truncatingIfNeeded: strings.bytes.count))
      }
    }
  }

  private static var tooLarge: ParquetError {
    ParquetError(.limitExceeded, "more than 2 GiB of one column at once; read fewer rows")
  }

  /// Gives empty strings to the slots that are null, behind which the values move.
  private func spread(
    _ strings: inout ByteStrings, _ start: Int, valid: Int, _ count: Int, _ validity: Bitmap
  ) {
    let last = strings.offsets[start + valid]
    strings.offsets.append(contentsOf: repeatElement(last, count: count - valid))
    var read = start + valid
    for slot in (start..<start + count).reversed() {
      // The end of a slot: that of its value, or of the last value before it.
      strings.offsets[slot + 1] = strings.offsets[read]
      if validity.bits(at: slot, length: 1) == 1 { read -= 1 }
    }
  }
}

/// Reads decimals that lie as byte strings of their own lengths.
struct DecimalChunkDecoder: ColumnChunkDecoder {
  var strings: ByteArrayChunkDecoder
  let precision: Int
  let type: ColumnType

  mutating func decode(_ count: Int) throws(ParquetError) -> ColumnVector {
    let column = try strings.decode(count)
    guard case .byteStrings(let bytes) = column.storage else { throw .corrupted("no byte strings") }
    var values = [Int128](repeating: 0, count: count)
    for index in 0..<count where column.validity[index] {
      guard let value = bytes[index].withUnsafeBytes({ bigEndianInteger($0) }),
        Decimal128.fits(value, precision: precision)
      else { throw ParquetError(.valueOutOfRange, "a value that its column's type cannot hold") }
      values[index] = value
    }
    return ColumnVector(type: type, storage: .decimal(values), validity: column.validity)
  }
}
