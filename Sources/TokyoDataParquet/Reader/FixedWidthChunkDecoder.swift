internal import TokyoDataColumns

/// Reads values of fixed width, plain or by a dictionary.
struct FixedWidthChunkDecoder<Plain: PlainValue>: ColumnChunkDecoder {
  private typealias Value = Plain.Value

  private var reader: PageReader
  private let plain: Plain
  private let type: ColumnType
  private var page: DataPage?
  private var dictionary: [Plain.Value]?

  init(_ reader: PageReader, _ plain: Plain, _ type: ColumnType) {
    self.reader = reader
    self.plain = plain
    self.type = type
  }

  mutating func decode(_ count: Int) throws(ParquetError) -> ColumnVector {
    try reader.requireBudget(count, width: MemoryLayout<Value>.stride)
    var validity = Bitmap()
    var failure: ParquetError?
    let values = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      do throws(ParquetError) {
        try decode(count, into: base, &validity)
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return ColumnVector(type: type, storage: plain.storage(values), validity: validity.validity())
  }

  private mutating func decode(
    _ count: Int, into target: UnsafeMutablePointer<Plain.Value>, _ validity: inout Bitmap
  ) throws(ParquetError) {
    var done = 0
    while done < count {
      if page?.left ?? 0 == 0 { page = try nextPage() }
      guard var current = page.take() else { throw .corrupted("no page") }
      let taken = min(count - done, current.left)
      let valid = try current.readLevels(taken, into: &validity)
      try decodeValues(valid, of: &current, into: target + done)
      if valid < taken { spread(target + done, valid, done..<done + taken, validity) }
      page = current
      done += taken
    }
  }

  private mutating func nextPage() throws(ParquetError) -> DataPage {
    var found: [Plain.Value]?
    let plain = plain
    let page = try reader.nextDataPage { (body, count) throws(ParquetError) in
      guard count <= body.count / plain.width else { throw .corrupted("a dictionary shorter than it states") }
      found = try body.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        var values = [Plain.Value](repeating: plain.zero, count: count)
        var fits = true
        values.withUnsafeMutableBufferPointer {
          if let base = $0.baseAddress { fits = readPlain(plain, bytes, at: 0, count, into: base) }
        }
        guard fits else { throw Self.outOfRange }
        return values
      }
    }
    if let found { dictionary = found }
    return page
  }

  /// Reads values without gaps for nulls.
  private func decodeValues(
    _ count: Int, of page: inout DataPage, into target: UnsafeMutablePointer<Plain.Value>
  ) throws(ParquetError) {
    guard count > 0 else { return }
    if page.encoding == .plain {
      let start = page.valuePosition
      guard count <= (page.body.count - start) / plain.width else { throw .corrupted("values end early") }
      let fits = page.body.withUnsafeBytes { readPlain(plain, $0, at: start, count, into: target) }
      guard fits else { throw Self.outOfRange }
      page.valuePosition += count * plain.width
    } else if page.encoding.isDictionary {
      guard let dictionary else { throw .corrupted("indices without a dictionary") }
      try page.readIndices(count) { (start, ids) throws(ParquetError) in
        try gather(ids, from: dictionary, into: target + start)
      }
    } else {
      throw PageReader.unsupported(page.encoding)
    }
  }

  private static var outOfRange: ParquetError {
    ParquetError(.valueOutOfRange, "a value that its column's type cannot hold")
  }

  /// Moves the first `valid` values to the slots that hold values, and puts zeros into the others.
  private func spread(
    _ target: UnsafeMutablePointer<Plain.Value>, _ valid: Int, _ slots: Range<Int>, _ validity: Bitmap
  ) {
    var read = valid
    for slot in slots.reversed() {
      if validity.bits(at: slot, length: 1) == 1 {
        read &-= 1
        target[slot &- slots.lowerBound] = target[read]
      } else {
        target[slot &- slots.lowerBound] = plain.zero
      }
    }
  }
}

/// Reads plain values; false where one does not fit its column.
@inline(__always)
private func readPlain<Plain: PlainValue>(
  _ plain: Plain, _ bytes: UnsafeRawBufferPointer, at start: Int, _ count: Int,
  into target: UnsafeMutablePointer<Plain.Value>
) -> Bool {
  guard count > 0, let base = bytes.baseAddress else { return true }
  let width = plain.width
  var place = base + start
  for index in 0..<count {
    guard let value = plain.value(at: place) else { return false }
    target[index] = value
    place += width
  }
  return true
}

private func gather<Value: BitwiseCopyable>(
  _ ids: UnsafeBufferPointer<UInt32>, from dictionary: [Value], into target: UnsafeMutablePointer<Value>
) throws(ParquetError) {
  var highest: UInt32 = 0
  for id in ids { highest = max(highest, id) }
  guard Int(highest) < dictionary.count else { throw .corrupted("an index beyond the dictionary") }
  dictionary.withUnsafeBufferPointer { keys in
    for index in 0..<ids.count { target[index] = keys[Int(ids[index])] }
  }
}
