internal import TokyoDataColumns

/// Numbers of 32, 64 or 128 bits, as the bits that the file will have.
struct FixedWidthValues<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: LeafValues, ~Copyable {
  let type: ColumnType
  /// The bytes of a value in the file, which for decimals may be fewer than those of `Bits`.
  let width: Int
  private let memory: OwnedBuffer<Bits>
  private let blocks: BlockBounds<Bits>
  private let scratch: Scratch

  var count: Int { memory.count }
  var values: UnsafeBufferPointer<Bits> { memory.values }

  /// Copies the values of all pieces.
  init(
    _ pieces: [LeafSlots.Piece], type: ColumnType, width: Int, _ scratch: Scratch
  ) throws(ParquetError) {
    let count = pieces.reduce(0) { $0 + $1.slots.count - $1.column.validity.nullCount(in: $1.slots) }
    let memory = OwnedBuffer<Bits>(count, from: scratch)
    var blocks = BlockBounds<Bits>()
    if let values = memory.mutable.baseAddress {
      var copied = 0
      for piece in pieces {
        copied += try Self.copy(piece, type, to: values + copied)
        blocks.extend(values, to: copied)
      }
    }
    self.init(memory, blocks, type: type, width: width, scratch)
  }

  /// Copies the bits of values.
  init(_ bits: [Bits], type: ColumnType, width: Int, _ scratch: Scratch) {
    let memory = OwnedBuffer<Bits>(bits.count, from: scratch)
    _ = memory.mutable.initialize(from: bits)
    self.init(memory, BlockBounds(), type: type, width: width, scratch)
  }

  private init(
    _ memory: consuming OwnedBuffer<Bits>, _ blocks: BlockBounds<Bits>, type: ColumnType, width: Int,
    _ scratch: Scratch
  ) {
    self.memory = memory
    self.blocks = blocks
    self.type = type
    self.width = width
    self.scratch = scratch
  }

  private static func copy(
    _ piece: LeafSlots.Piece, _ type: ColumnType, to target: UnsafeMutablePointer<Bits>
  ) throws(ParquetError) -> Int {
    let (nulls, slots) = (piece.column.validity, piece.slots)
    switch piece.column.storage {
    case .int8(let source): return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0) }
    case .int16(let source): return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0) }
    case .int32(let source): return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0) }
    case .int64(let source): return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0) }
    case .float(let source):
      return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0.bitPattern) }
    case .double(let source):
      return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0.bitPattern) }
    case .decimal(let source):
      return try copy(decimals: source, nulls, slots, type, target)
    default: throw ParquetError(.schemaMismatch, "a column that holds no numbers of fixed width")
    }
  }

  /// Narrowing is only exact within the precision that the schema states; null slots hold zero, which is.
  private static func copy(
    decimals source: [Int128], _ nulls: Validity, _ slots: Range<Int>, _ type: ColumnType,
    _ target: UnsafeMutablePointer<Bits>
  ) throws(ParquetError) -> Int {
    guard case .decimal(let precision, _) = type else { return 0 }
    let limit = Decimal128.powerOfTen(precision).magnitude
    let narrowLimit = UInt64(truncatingIfNeeded: limit)
    var misfits = false
    let count: Int
    if precision <= 18 {
      count = copy(source, nulls, slots, target) { value in
        let low = Int64(truncatingIfNeeded: value)
        misfits = misfits || Int128(low) != value || low.magnitude >= narrowLimit
        return Bits(truncatingIfNeeded: low)
      }
    } else {
      count = copy(source, nulls, slots, target) { value in
        misfits = misfits || value.magnitude >= limit
        return Bits(truncatingIfNeeded: value)
      }
    }
    guard !misfits else {
      throw ParquetError(.valueOutOfRange, "a decimal of more digits than its column has")
    }
    return count
  }

  @inline(__always)
  private static func copy<Value>(
    _ source: [Value], _ nulls: Validity, _ slots: Range<Int>, _ target: UnsafeMutablePointer<Bits>,
    _ bits: (Value) -> Bits
  ) -> Int {
    source.withUnsafeBufferPointer { source in
      guard let words = nulls.words else {
        let (base, count) = (slots.lowerBound, slots.count)
        for index in 0..<count { target[index] = bits(source[base &+ index]) }
        return count
      }
      var written = 0
      forEachSetStretch(slots, of: words) { stretch in
        for index in stretch {
          target[written] = bits(source[index])
          written &+= 1
        }
      }
      return written
    }
  }
}

extension FixedWidthValues {
  func plainByteCount(_ range: Range<Int>) -> Int { range.count * width }

  func arrayByteCount(_ range: Range<Int>) -> Int? { nil }

  func encode(_ range: Range<Int>, as encoding: ParquetEncoding, into body: inout ByteBuffer) {
    let values = UnsafeBufferPointer(rebasing: values[range])
    switch encoding {
    case .deltaBinaryPacked: appendDelta(values, into: &body)
    case .byteStreamSplit: encodeByteStreamSplit(UnsafeRawBufferPointer(values), width: width, into: &body)
    case .deltaByteArray: appendDeltaByteArray(values, into: &body)
    default: appendPlain(values, into: &body)
    }
  }

  private func appendPlain(_ values: UnsafeBufferPointer<Bits>, into body: inout ByteBuffer) {
    guard let source = values.baseAddress else { return }
    let target = body.reserve(values.count * width + MemoryLayout<Bits>.size)
    if Bits.bitWidth == 128 {
      // Decimals of fixed length: the lowest bytes, the highest of them first.
      var offset = 0
      for value in values {
        let shifted = value << Bits(truncatingIfNeeded: 128 - width * 8)
        target.storeBytes(of: shifted.bigEndian, toByteOffset: offset, as: Bits.self)
        offset &+= width
      }
    } else {
      for index in 0..<values.count {
        target.storeBytes(
          of: source[index].littleEndian, toByteOffset: index &* MemoryLayout<Bits>.size, as: Bits.self)
      }
    }
    body.commit(values.count * width)
  }

  private func appendDelta(_ values: UnsafeBufferPointer<Bits>, into body: inout ByteBuffer) {
    if Bits.bitWidth == 32 {
      values.withMemoryRebound(to: Int32.self) { encodeDelta($0, into: &body) }
    } else {
      values.withMemoryRebound(to: Int64.self) { encodeDelta($0, into: &body) }
    }
  }

  private func appendDeltaByteArray(_ values: UnsafeBufferPointer<Bits>, into body: inout ByteBuffer) {
    var plain = ByteBuffer(capacity: values.count * width + MemoryLayout<Bits>.size)
    appendPlain(values, into: &plain)
    encodeDeltaByteArray(plain.bytes, fixedLength: width, count: values.count, into: &body)
  }

  func bounds(_ range: Range<Int>) -> ValueBounds? {
    let values = UnsafeBufferPointer(rebasing: values[range])
    switch type {
    case .float:
      return floatingPointBounds(values) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        .map { ValueBounds(minimum: .double(Double($0)), maximum: .double(Double($1))) }
    case .double:
      return floatingPointBounds(values) { Double(bitPattern: UInt64(truncatingIfNeeded: $0)) }
        .map { ValueBounds(minimum: .double($0), maximum: .double($1)) }
    default:
      guard !range.isEmpty else { return nil }
      let (least, greatest) = blocks.bounds(range, of: self.values)
      return ValueBounds(minimum: bound(least), maximum: bound(greatest))
    }
  }

  /// The bits as a signed number.
  private func bound(_ bits: Bits) -> ValueBounds.Bound {
    let number: Int128
    switch Bits.bitWidth {
    case 32: number = Int128(Int32(truncatingIfNeeded: bits))
    case 64: number = Int128(Int64(truncatingIfNeeded: bits))
    default: number = Int128(truncatingIfNeeded: bits)
    }
    if case .decimal = type { return .decimal(number) }
    return .integer(Int64(truncatingIfNeeded: number))
  }

  func dictionary(limit: Int) -> LeafDictionary<FixedWidthValues<Bits>>? {
    guard count > 0 else { return nil }
    let extremes = blocks.bounds(0..<count, of: values)
    guard let found = FixedWidthDictionary(values, extremes, maximumKeys: limit / width) else { return nil }
    return LeafDictionary(
      keys: FixedWidthValues(found.keys, type: type, width: width, scratch), ids: found.ids)
  }

  func insert(into filter: inout BloomFilter) {
    if Bits.bitWidth == 128 {
      var plain = ByteBuffer(capacity: count * width + MemoryLayout<Bits>.size)
      appendPlain(values, into: &plain)
      for start in stride(from: 0, to: count * width, by: width) {
        filter.insert(BloomHash.hash(UnsafeRawBufferPointer(rebasing: plain.bytes[start..<start + width])))
      }
    } else {
      for value in values { filter.insert(BloomHash.hash(value)) }
    }
  }

  func ascending() -> [UInt32]? { nil }
}
