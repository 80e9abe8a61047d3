internal import TokyoDataColumns

/// Numbers of 32, 64 or 128 bits, as the bits that the file will have.
struct FixedWidthValues<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: LeafValues, ~Copyable {
  let type: ColumnType
  /// The bytes of a value in the file, which for decimals may be fewer than those of `Bits`.
  let width: Int
  private let memory: OwnedBuffer<Bits>

  var count: Int { memory.count }
  var values: UnsafeBufferPointer<Bits> { memory.values }

  /// Copies the values of all pieces.
  init(_ pieces: [LeafSlots.Piece], type: ColumnType, width: Int) throws(ParquetError) {
    let count = pieces.reduce(0) { $0 + $1.slots.count - $1.column.validity.nullCount(in: $1.slots) }
    let memory = OwnedBuffer<Bits>(count)
    var place = memory.mutable.baseAddress
    for piece in pieces {
      guard let target = place else { break }
      place = target + (try Self.copy(piece, type, to: target))
    }
    self.init(memory, type: type, width: width)
  }

  /// Copies the bits of values.
  init(_ bits: [Bits], type: ColumnType, width: Int) {
    let memory = OwnedBuffer<Bits>(bits.count)
    _ = memory.mutable.initialize(from: bits)
    self.init(memory, type: type, width: width)
  }

  private init(_ memory: consuming OwnedBuffer<Bits>, type: ColumnType, width: Int) {
    self.memory = memory
    self.type = type
    self.width = width
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
      try requirePrecision(source, slots, type)
      return copy(source, nulls, slots, target) { Bits(truncatingIfNeeded: $0) }
    default: throw ParquetError(.schemaMismatch, "a column that holds no numbers of fixed width")
    }
  }

  /// Narrowing is only exact within the precision that the schema states.
  private static func requirePrecision(
    _ source: [Int128], _ slots: Range<Int>, _ type: ColumnType
  ) throws(ParquetError) {
    guard case .decimal(let precision, _) = type else { return }
    let isNarrow = precision <= 18
    let limit = Decimal128.powerOfTen(precision).magnitude
    let narrowLimit = UInt64(truncatingIfNeeded: limit)
    var fits = true
    source.withUnsafeBufferPointer { source in
      if isNarrow {
        for index in slots {
          let low = Int64(truncatingIfNeeded: source[index])
          fits = fits && Int128(low) == source[index] && low.magnitude < narrowLimit
        }
      } else {
        for index in slots { fits = fits && source[index].magnitude < limit }
      }
    }
    guard fits else {
      throw ParquetError(.valueOutOfRange, "a decimal of more digits than its column has")
    }
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
    case .decimal:
      return signedBounds(of: values).map { ValueBounds(minimum: .decimal($0), maximum: .decimal($1)) }
    default:
      return signedBounds(of: values).map {
        ValueBounds(
          minimum: .integer(Int64(truncatingIfNeeded: $0)), maximum: .integer(Int64(truncatingIfNeeded: $1)))
      }
    }
  }

  private func signedBounds(of values: UnsafeBufferPointer<Bits>) -> (Int128, Int128)? {
    switch Bits.bitWidth {
    case 32: integerBounds(values, as: Int32.self).map { (Int128($0), Int128($1)) }
    case 64: integerBounds(values, as: Int64.self).map { (Int128($0), Int128($1)) }
    default: integerBounds(values, as: Int128.self)
    }
  }

  func dictionary(limit: Int) -> LeafDictionary<FixedWidthValues<Bits>>? {
    guard let found = FixedWidthDictionary(values, maximumKeys: limit / width) else { return nil }
    return LeafDictionary(keys: FixedWidthValues(found.keys, type: type, width: width), ids: found.ids)
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
