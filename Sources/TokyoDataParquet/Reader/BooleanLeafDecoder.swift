internal import TokyoDataColumns

/// Decodes a leaf of booleans, which lie as bits or as runs.
struct BooleanLeafDecoder: LeafDecoder {
  private var decoder: BooleanDecoder?
  private var slots = SlotBuffer<Bool>()

  var slotBytes: Int { 1 }

  var byteCount: Int { slots.byteCount }

  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError) {
    throw .corrupted("a dictionary of booleans")
  }

  mutating func begin(_ page: DataPage) { decoder = nil }

  private func opened(_ page: DataPage) throws(ParquetError) -> BooleanDecoder {
    if let decoder { return decoder }
    switch page.encoding {
    case .plain: return BooleanDecoder(plain: page.values)
    case .rle:
      return try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try BooleanDecoder(runs: page.values, of: bytes)
      }
    default: throw Self.unsupported(page.encoding)
    }
  }

  mutating func begin(slots number: Int) { slots.begin(number) }

  mutating func append(
    _ valid: Int, slots number: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError) {
    // Taken out meanwhile: reading changes the decoder too.
    var filling = SlotBuffer<Bool>()
    swap(&filling, &slots)
    try filling.append(number) { (target) throws(ParquetError) in
      try read(valid, page, into: target)
      validity.spread(target, valid, slots: number, empty: false)
    }
    swap(&filling, &slots)
  }

  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError) {
    let most = 4096
    try withTemporary(of: Bool.self, min(valid, most)) { (scratch) throws(ParquetError) in
      for start in stride(from: 0, to: valid, by: most) {
        try read(min(most, valid - start), page, into: scratch)
      }
    }
  }

  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector {
    ColumnVector(type: .bool, storage: .bool(slots.finish()), validity: validity)
  }

  private mutating func read(
    _ count: Int, _ page: DataPage, into target: UnsafeMutablePointer<Bool>
  ) throws(ParquetError) {
    guard count > 0 else { return }
    var decoder = try opened(page)
    try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      try decoder.decode(count, of: bytes, into: target)
    }
    self.decoder = decoder
  }
}
