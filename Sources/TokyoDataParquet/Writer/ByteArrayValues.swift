internal import TokyoDataColumns

/// Texts and byte strings end to end, of their own or of one fixed length.
///
/// Behind the last there is room that kernels may read: they load eight bytes of a string of any length.
struct ByteArrayValues: LeafValues, ~Copyable {
  /// The length of all values where the file does not keep one for each.
  let fixedLength: Int?
  private let offsets: OwnedBuffer<UInt32>
  private let bytes: OwnedBuffer<UInt8>
  private let scratch: Scratch

  var count: Int { offsets.count - 1 }
  var slices: ByteArraySlices {
    ByteArraySlices(offsets: offsets.values, bytes: UnsafeRawBufferPointer(bytes.values))
  }

  private static var slack: Int { 8 }

  /// Copies the values of all pieces.
  init(_ pieces: [LeafSlots.Piece], _ scratch: Scratch) throws(ParquetError) {
    var (count, byteCount) = (0, 0)
    for piece in pieces {
      guard case .byteStrings(let strings) = piece.column.storage else {
        throw ParquetError(.schemaMismatch, "a column that holds no byte strings")
      }
      count += piece.slots.count - piece.column.validity.nullCount(in: piece.slots)
      // Null slots hold no bytes, so the bytes of all slots are those of the values.
      byteCount += Int(strings.offsets[piece.slots.upperBound] - strings.offsets[piece.slots.lowerBound])
    }
    guard byteCount <= Int(UInt32.max) else {
      throw ParquetError(.valueOutOfRange, "more than 4 GiB of one column in a row group")
    }
    let offsets = OwnedBuffer<UInt32>(count + 1, from: scratch)
    let bytes = OwnedBuffer<UInt8>(byteCount, slack: Self.slack, from: scratch)
    offsets.mutable[0] = 0
    var (written, end) = (1, 0)
    for piece in pieces {
      guard case .byteStrings(let strings) = piece.column.storage else { continue }
      let shared = Int(strings.offsets[piece.slots.lowerBound])..<Int(strings.offsets[piece.slots.upperBound])
      strings.bytes.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes.mutable[end...]))
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[shared]))
      }
      Self.copyEnds(strings.offsets, piece, shift: end - shared.lowerBound, to: offsets.mutable, &written)
      end += shared.count
    }
    self.init(offsets, bytes, fixedLength: nil, scratch)
  }

  /// Parses UUIDs into their 16 bytes.
  init(uuids pieces: [LeafSlots.Piece], _ scratch: Scratch) throws(ParquetError) {
    let texts = try ByteArrayValues(pieces, scratch)
    let offsets = OwnedBuffer<UInt32>(texts.count + 1, from: scratch)
    let bytes = OwnedBuffer<UInt8>(texts.count * 16, slack: Self.slack, from: scratch)
    for index in 0...texts.count { offsets.mutable[index] = UInt32(truncatingIfNeeded: index * 16) }
    for index in 0..<texts.count {
      let target = UnsafeMutableRawBufferPointer(bytes.mutable)
      guard UUIDText.parse(texts.slices[index], into: target, at: index * 16) else {
        throw ParquetError(.valueOutOfRange, "a text that is no UUID of 36 characters")
      }
    }
    self.init(offsets, bytes, fixedLength: 16, scratch)
  }

  /// Copies some of other values.
  private init(_ chosen: [Int], of slices: ByteArraySlices, fixedLength: Int?, _ scratch: Scratch) {
    let offsets = OwnedBuffer<UInt32>(chosen.count + 1, from: scratch)
    let bytes = OwnedBuffer<UInt8>(
      chosen.reduce(0) { $0 + slices[$1].count }, slack: Self.slack, from: scratch)
    offsets.mutable[0] = 0
    var end = 0
    for (place, index) in chosen.enumerated() {
      let value = slices[index]
      UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes.mutable[end...]))
        .copyMemory(from: value)
      end += value.count
      offsets.mutable[place + 1] = UInt32(truncatingIfNeeded: end)
    }
    self.init(offsets, bytes, fixedLength: fixedLength, scratch)
  }

  private init(
    _ offsets: consuming OwnedBuffer<UInt32>, _ bytes: consuming OwnedBuffer<UInt8>, fixedLength: Int?,
    _ scratch: Scratch
  ) {
    self.offsets = offsets
    self.bytes = bytes
    self.fixedLength = fixedLength
    self.scratch = scratch
  }

  private static func copyEnds(
    _ source: [Int32], _ piece: LeafSlots.Piece, shift: Int,
    to target: UnsafeMutableBufferPointer<UInt32>, _ written: inout Int
  ) {
    let shift = UInt32(truncatingIfNeeded: shift)
    source.withUnsafeBufferPointer { source in
      guard let words = piece.column.validity.words else {
        let (first, base) = (piece.slots.lowerBound &+ 1, written)
        for index in 0..<piece.slots.count {
          target[base &+ index] = UInt32(bitPattern: source[first &+ index]) &+ shift
        }
        written += piece.slots.count
        return
      }
      var place = written
      forEachSetStretch(piece.slots, of: words) { stretch in
        for index in stretch {
          target[place] = UInt32(bitPattern: source[index &+ 1]) &+ shift
          place &+= 1
        }
      }
      written = place
    }
  }
}

extension ByteArrayValues {
  func plainByteCount(_ range: Range<Int>) -> Int {
    byteCount(range) + (fixedLength == nil ? range.count * 4 : 0)
  }

  func arrayByteCount(_ range: Range<Int>) -> Int? { fixedLength == nil ? byteCount(range) : nil }

  private func byteCount(_ range: Range<Int>) -> Int {
    Int(offsets.values[range.upperBound] - offsets.values[range.lowerBound])
  }

  private func slices(_ range: Range<Int>) -> ByteArraySlices {
    ByteArraySlices(
      offsets: UnsafeBufferPointer(rebasing: offsets.values[range.lowerBound...range.upperBound]),
      bytes: UnsafeRawBufferPointer(bytes.values))
  }

  func bounds(_ range: Range<Int>) -> ValueBounds? {
    let slices = slices(range)
    return byteStringBounds(slices).map {
      ValueBounds(minimum: .bytes(Array(slices[$0.minimum])), maximum: .bytes(Array(slices[$0.maximum])))
    }
  }

  func encode(_ range: Range<Int>, as encoding: ParquetEncoding, into body: inout ByteBuffer) {
    let slices = slices(range)
    switch encoding {
    case .deltaLengthByteArray: encodeDeltaLength(slices, into: &body)
    case .deltaByteArray: encodeDeltaByteArray(slices, into: &body)
    default: appendPlain(slices, into: &body)
    }
  }

  private func appendPlain(_ slices: ByteArraySlices, into body: inout ByteBuffer) {
    if fixedLength != nil {
      let (start, end) = (Int(slices.offsets[0]), Int(slices.offsets[slices.count]))
      return body.append(UnsafeRawBufferPointer(rebasing: slices.bytes[start..<end]))
    }
    let size = Int(slices.offsets[slices.count] - slices.offsets[0]) + 4 * slices.count
    let target = body.reserve(size)
    var place = 0
    for index in 0..<slices.count {
      let value = slices[index]
      target.storeBytes(
        of: UInt32(truncatingIfNeeded: value.count).littleEndian, toByteOffset: place, as: UInt32.self)
      if let base = value.baseAddress { (target + place + 4).copyMemory(from: base, byteCount: value.count) }
      place &+= 4 &+ value.count
    }
    body.commit(size)
  }

  func dictionary(limit: Int) -> LeafDictionary<ByteArrayValues>? {
    guard let found = ByteArrayDictionary(slices, limit: limit) else { return nil }
    return LeafDictionary(
      keys: ByteArrayValues(found.keys, of: slices, fixedLength: fixedLength, scratch), ids: found.ids)
  }
  func insert(into filter: inout BloomFilter) {
    for index in 0..<count { filter.insert(BloomHash.hash(slices[index])) }
  }

  func ascending() -> [UInt32]? {
    let slices = slices
    return (0..<UInt32(truncatingIfNeeded: count)).sorted { precedes(slices[Int($0)], slices[Int($1)]) }
  }
}
