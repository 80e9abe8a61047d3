internal import TokyoDataColumns

/// The values of a leaf that have one width in the column.
struct FixedWidthValues<Plain: PlainValue>: LeafValues {
  private typealias Value = Plain.Value

  private enum Form {
    case plain(position: Int, end: Int)
    case indices(HybridDecoder)
    case encoded(FixedWidthDecoder)
  }

  private let plain: Plain
  private let type: ColumnType
  private let physicalType: ParquetPhysicalType
  private var dictionary: [Plain.Value]?
  private var form = Form.plain(position: 0, end: 0)
  private var values: [Plain.Value] = []
  private var filled = 0

  init(_ plain: Plain, _ type: ColumnType, _ physicalType: ParquetPhysicalType) {
    self.plain = plain
    self.type = type
    self.physicalType = physicalType
  }

  var byteCount: Int { filled * MemoryLayout<Plain.Value>.stride }

  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError) {
    guard count <= body.range.count / plain.width else {
      throw .corrupted("a dictionary shorter than it states")
    }
    var keys = [Plain.Value].unfilled(count)
    let (plain, start) = (plain, body.range.lowerBound)
    let fits = body.bytes.withUnsafeBytes { bytes in
      keys.withUnsafeMutableBufferPointer { readPlain(plain, bytes, at: start, count, into: $0.baseAddress) }
    }
    guard fits else { throw refusal }
    dictionary = keys
  }

  mutating func begin(_ page: DataPage) throws(ParquetError) {
    switch page.encoding {
    case .plain: form = .plain(position: page.values.lowerBound, end: page.values.upperBound)
    case .rleDictionary, .plainDictionary:
      guard dictionary != nil || page.values.isEmpty else {
        throw .corrupted("indices without a dictionary")
      }
      form = .indices(try Self.indices(of: page))
    default:
      guard let decoder = try FixedWidthDecoder(page, physicalType, width: plain.width) else {
        throw Self.unsupported(page.encoding)
      }
      form = .encoded(decoder)
    }
  }

  mutating func begin(slots: Int) {
    values = .unfilled(slots)
    filled = 0
  }

  mutating func append(
    _ valid: Int, slots: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError) {
    var target: [Plain.Value] = []
    swap(&target, &values)
    target.makeRoom(for: filled + slots, keeping: filled)
    let start = filled
    var failure: ParquetError?
    target.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, slots > 0 else { return }
      do throws(ParquetError) {
        try read(valid, page, into: base + start)
        if valid < slots { spread(base + start, valid, slots, validity) }
      } catch { failure = error }
    }
    swap(&target, &values)
    if let failure { throw failure }
    filled += slots
  }

  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError) {
    if case .plain(let position, let end) = form {
      guard valid <= (end - position) / plain.width else { throw .corrupted("values end early") }
      form = .plain(position: position + valid * plain.width, end: end)
      return
    }
    try withTemporary(of: Plain.Value.self, min(valid, 4096)) { (scratch) throws(ParquetError) in
      var done = 0
      while done < valid {
        let taken = min(4096, valid - done)
        try read(taken, page, into: scratch)
        done += taken
      }
    }
  }

  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector {
    values.cut(to: filled)
    var finished: [Plain.Value] = []
    swap(&finished, &values)
    return ColumnVector(type: type, storage: plain.storage(finished), validity: validity)
  }

  /// Reads values without gaps for nulls.
  private mutating func read(
    _ count: Int, _ page: DataPage, into target: UnsafeMutablePointer<Plain.Value>
  ) throws(ParquetError) {
    guard count > 0 else { return }
    let plain = plain
    switch form {
    case .plain(let position, let end):
      guard count <= (end - position) / plain.width else { throw .corrupted("values end early") }
      let fits = page.body.bytes.withUnsafeBytes { readPlain(plain, $0, at: position, count, into: target) }
      guard fits else { throw refusal }
      form = .plain(position: position + count * plain.width, end: end)
    case .indices(var decoder):
      let dictionary = dictionary ?? []
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try forEachIndices(count, &decoder, of: bytes, below: dictionary.count) { start, ids in
          gather(ids, from: dictionary, into: target + start)
        }
      }
      form = .indices(decoder)
    case .encoded(var decoder):
      var fits = true
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try decoder.decode(count, of: bytes) { start, part in
          fits = readPlain(plain, part, at: 0, part.count / plain.width, into: target + start) && fits
        }
      }
      guard fits else { throw refusal }
      form = .encoded(decoder)
    }
  }

  private var refusal: ParquetError { ParquetError(.valueOutOfRange, plain.refusal) }

  /// Moves the first `valid` values to the slots that hold values, and puts zeros into the others.
  private func spread(
    _ target: UnsafeMutablePointer<Plain.Value>, _ valid: Int, _ slots: Int, _ validity: Bitmap
  ) {
    let zero = plain.zero
    let first = validity.count - slots
    var read = valid
    var end = slots
    while end > 0 {
      let length = min(64, end)
      var bits = validity.bits(at: first + end - length, length: length)
      for slot in stride(from: end &- 1, through: end &- length, by: -1) {
        let isValid = bits >> UInt64(truncatingIfNeeded: length &- 1) & 1 == 1
        bits &<<= 1
        if isValid { read &-= 1 }
        target[slot] = isValid ? target[read] : zero
      }
      end -= length
    }
  }
}

/// Reads plain values; false where one does not fit its column.
@inline(__always)
private func readPlain<Plain: PlainValue>(
  _ plain: Plain, _ bytes: UnsafeRawBufferPointer, at start: Int, _ count: Int,
  into target: UnsafeMutablePointer<Plain.Value>?
) -> Bool {
  guard count > 0, let base = bytes.baseAddress, let target else { return true }
  if Plain.isCopy {
    UnsafeMutableRawPointer(target).copyMemory(
      from: base + start, byteCount: count &* MemoryLayout<Plain.Value>.stride)
    return true
  }
  let width = plain.width
  var place = base + start
  for index in 0..<count {
    guard let value = plain.value(at: place) else { return false }
    target[index] = value
    place += width
  }
  return true
}

@inline(__always)
private func gather<Value: BitwiseCopyable>(
  _ ids: UnsafeBufferPointer<UInt32>, from dictionary: [Value], into target: UnsafeMutablePointer<Value>
) {
  dictionary.withUnsafeBufferPointer { keys in
    guard let keys = keys.baseAddress else { return }
    for index in 0..<ids.count { target[index] = keys[Int(ids[index])] }
  }
}

/// Lends uninitialized memory to a body that throws errors of one type.
func withTemporary<Element: BitwiseCopyable>(
  of _: Element.Type, _ count: Int,
  _ body: (UnsafeMutablePointer<Element>) throws(ParquetError) -> Void
) throws(ParquetError) {
  var failure: ParquetError?
  withUnsafeTemporaryAllocation(of: Element.self, capacity: max(1, count)) { scratch in
    guard let base = scratch.baseAddress else { return }
    do throws(ParquetError) { try body(base) } catch { failure = error }
  }
  if let failure { throw failure }
}
