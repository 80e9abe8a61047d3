internal import TokyoDataColumns

/// The values of a leaf of booleans, as bits or as runs.
struct BooleanValues: LeafValues {
  private enum Form {
    case plain(bit: Int, end: Int)
    case runs(HybridDecoder)
  }

  private var form = Form.plain(bit: 0, end: 0)
  private var values: [Bool] = []
  private var filled = 0

  var byteCount: Int { filled }

  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError) {
    throw .corrupted("a dictionary of booleans")
  }

  mutating func begin(_ page: DataPage) throws(ParquetError) {
    switch page.encoding {
    // The deprecated bit packing of booleans was never another than the plain one in practice.
    case .plain: form = .plain(bit: page.values.lowerBound * 8, end: page.values.upperBound * 8)
    case .rle:
      if page.values.isEmpty {
        form = .plain(bit: 0, end: 0)
        return
      }
      form = .runs(try HybridDecoder(width: 1, range: try page.body.sized(at: page.values.lowerBound)))
    default: throw Self.unsupported(page.encoding)
    }
  }

  mutating func begin(slots: Int) {
    values = .unfilled(slots)
    filled = 0
  }

  mutating func append(
    _ valid: Int, slots: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError) {
    var target: [Bool] = []
    swap(&target, &values)
    target.makeRoom(for: filled + slots, keeping: filled)
    let start = filled
    let first = validity.count - slots
    var failure: ParquetError?
    target.withUnsafeMutableBytes { buffer in
      guard let base = buffer.bindMemory(to: UInt8.self).baseAddress, slots > 0 else { return }
      let place = base + start
      do throws(ParquetError) { try read(valid, page, into: place) } catch {
        failure = error
        return
      }
      guard valid < slots else { return }
      var read = valid
      for slot in (0..<slots).reversed() {
        let isValid = validity.bits(at: first &+ slot, length: 1) == 1
        if isValid { read &-= 1 }
        place[slot] = isValid ? place[read] : 0
      }
    }
    if let failure { throw failure }
    swap(&target, &values)
    filled += slots
  }

  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError) {
    if case .plain(let bit, let end) = form {
      guard valid <= end - bit else { throw .corrupted("values end early") }
      form = .plain(bit: bit + valid, end: end)
      return
    }
    try withTemporary(of: UInt8.self, min(valid, 4096)) { (scratch) throws(ParquetError) in
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
    var finished: [Bool] = []
    swap(&finished, &values)
    return ColumnVector(type: .bool, storage: .bool(finished), validity: validity)
  }

  private mutating func read(
    _ count: Int, _ page: DataPage, into target: UnsafeMutablePointer<UInt8>
  ) throws(ParquetError) {
    guard count > 0 else { return }
    switch form {
    case .plain(let bit, let end):
      guard count <= end - bit else { throw .corrupted("values end early") }
      page.body.bytes.withUnsafeBytes { unpack($0, bitOffset: bit, width: 1, count: count, into: target) }
      form = .plain(bit: bit + count, end: end)
    case .runs(var decoder):
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try decoder.decode(count, of: bytes, into: target)
      }
      // Memory of booleans must hold nothing but 0 and 1.
      var highest: UInt8 = 0
      for index in 0..<count { highest = max(highest, target[index]) }
      guard highest <= 1 else { throw .corrupted("a boolean of more than one bit") }
      form = .runs(decoder)
    }
  }
}
