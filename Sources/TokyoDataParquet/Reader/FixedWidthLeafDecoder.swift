internal import TokyoDataColumns

/// Decodes a leaf whose values have one width in the column.
struct FixedWidthLeafDecoder<Value: BitwiseCopyable & Sendable>: LeafDecoder {
  private enum Form {
    case unopened
    case plain(position: Int, end: Int)
    case indices(HybridDecoder)
    case stream(PlainStream)
  }

  private let kernels: FixedWidthKernels<Value>
  private let type: ColumnType
  private let physicalType: ParquetPhysicalType
  private var dictionary: [Value]?
  private var form = Form.unopened
  private var slots = SlotBuffer<Value>()

  init(_ kernels: FixedWidthKernels<Value>, _ type: ColumnType, _ physicalType: ParquetPhysicalType) {
    self.kernels = kernels
    self.type = type
    self.physicalType = physicalType
  }

  var slotBytes: Int { MemoryLayout<Value>.stride }

  var byteCount: Int { slots.byteCount }

  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError) {
    guard count <= body.range.count / kernels.width else {
      throw .corrupted("a dictionary shorter than it states")
    }
    var keys = [Value].unfilled(count)
    let (kernels, start) = (kernels, body.range.lowerBound)
    let fits = body.bytes.withUnsafeBytes { bytes in
      keys.withUnsafeMutableBufferPointer { keys in
        guard count > 0, let source = bytes.baseAddress, let target = keys.baseAddress else { return true }
        return kernels.convert(source + start, count, target)
      }
    }
    guard fits else { throw refusal }
    dictionary = keys
  }

  mutating func begin(_ page: DataPage) { form = .unopened }

  private mutating func open(_ page: DataPage) throws(ParquetError) {
    switch page.encoding {
    case .plain: form = .plain(position: page.values.lowerBound, end: page.values.upperBound)
    case .rleDictionary, .plainDictionary:
      guard dictionary != nil else { throw .corrupted("indices without a dictionary") }
      form = .indices(try Self.indices(of: page))
    default:
      guard let stream = try PlainStream(page, physicalType, width: kernels.width) else {
        throw Self.unsupported(page.encoding)
      }
      form = .stream(stream)
    }
  }

  mutating func begin(slots number: Int) { slots.begin(number) }

  mutating func append(
    _ valid: Int, slots number: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError) {
    // Taken out meanwhile: reading changes the decoder too.
    var filling = SlotBuffer<Value>()
    swap(&filling, &slots)
    try filling.append(number) { (target) throws(ParquetError) in
      try read(valid, page, into: target)
      if valid < number { kernels.spread(target, valid, number, validity) }
    }
    swap(&filling, &slots)
  }

  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError) {
    guard valid > 0 else { return }
    if case .unopened = form { try open(page) }
    if case .plain(let position, let end) = form {
      guard valid <= (end - position) / kernels.width else { throw .corrupted("values end early") }
      form = .plain(position: position + valid * kernels.width, end: end)
      return
    }
    let most = 1024
    try withTemporary(of: Value.self, min(valid, most)) { (scratch) throws(ParquetError) in
      for start in stride(from: 0, to: valid, by: most) {
        try read(min(most, valid - start), page, into: scratch)
      }
    }
  }

  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector {
    ColumnVector(type: type, storage: kernels.storage(slots.finish()), validity: validity)
  }

  /// Reads values without gaps for nulls.
  private mutating func read(
    _ count: Int, _ page: DataPage, into target: UnsafeMutablePointer<Value>
  ) throws(ParquetError) {
    guard count > 0 else { return }
    if case .unopened = form { try open(page) }
    let kernels = kernels
    switch form {
    case .unopened: return
    case .plain(let position, let end):
      #if !TOKYO_PLANT
        // A fuzzer must find it when this check is left out.
        guard count <= (end - position) / kernels.width else { throw .corrupted("values end early") }
      #endif
      let fits = page.body.bytes.withUnsafeBytes { bytes in
        bytes.baseAddress.map { kernels.convert($0 + position, count, target) } ?? false
      }
      guard fits else { throw refusal }
      form = .plain(position: position + count * kernels.width, end: end)
    case .indices(var decoder):
      let dictionary = dictionary ?? []
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try forEachIndices(count, &decoder, of: bytes, below: dictionary.count) { start, ids in
          kernels.gather(ids, dictionary, target + start)
        }
      }
      form = .indices(decoder)
    case .stream(var stream):
      var fits = true
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        if kernels.isCopy {
          return try stream.decode(count, of: bytes, into: target)
        }
        try stream.forEachPart(count, of: bytes) { start, part, number in
          fits = kernels.convert(part, number, target + start) && fits
        }
      }
      guard fits else { throw refusal }
      form = .stream(stream)
    }
  }

  private var refusal: ParquetError { ParquetError(.valueOutOfRange, kernels.refusal) }
}
