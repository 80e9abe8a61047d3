/// A data page that is being read: its levels and where its values are.
struct DataPage: Sendable {
  private enum Levels {
    case allValid
    case hybrid(HybridDecoder)
    /// The deprecated bit packing, most significant bits first, from a bit on.
    case bitPacked(bit: Int)
  }

  let body: [UInt8]
  let encoding: ParquetEncoding
  /// Slots, nulls included, that are not read yet.
  private(set) var left: Int
  /// Where the values that are not read yet begin in the body; decoders move it.
  var valuePosition: Int
  /// The decoder of indices or booleans, once there is one.
  var integers: HybridDecoder?
  private var levels: Levels

  /// Makes the page of a column that is not nested.
  init(_ page: ChunkPages.Page, isNullable: Bool) throws(ParquetError) {
    guard let data = page.header.data else { throw .corrupted("a data page without its header") }
    body = page.body
    encoding = data.encoding
    left = data.valueCount
    (levels, valuePosition) = (.allValid, 0)
    if let lengths = data.versionTwo {
      guard lengths.definitionLevelBytes + lengths.repetitionLevelBytes <= body.count else {
        throw .corrupted("levels longer than their page")
      }
      let start = lengths.repetitionLevelBytes
      valuePosition = start + lengths.definitionLevelBytes
      if isNullable { levels = .hybrid(try HybridDecoder(width: 1, range: start..<valuePosition)) }
    } else if isNullable {
      switch data.definitionLevelEncoding {
      case .rle:
        let length = try Self.length(body, at: 0)
        valuePosition = 4 + length
        levels = .hybrid(try HybridDecoder(width: 1, range: 4..<valuePosition))
      case .bitPacked:
        valuePosition = (left + 7) / 8
        guard valuePosition <= body.count else { throw .corrupted("levels longer than their page") }
        levels = .bitPacked(bit: 0)
      default:
        throw ParquetError(.unsupported, "levels in the encoding \(data.definitionLevelEncoding)")
      }
    }
  }

  /// A length of four bytes, and as many bytes behind it.
  static func length(_ body: [UInt8], at position: Int) throws(ParquetError) -> Int {
    guard body.count - position >= 4 else { throw .corrupted("a page ends early") }
    let length = body.withUnsafeBytes {
      Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
    }
    guard length <= body.count - position - 4 else { throw .corrupted("a length beyond the page's end") }
    return length
  }

  /// Reads which of the next `count` slots hold values, and gives the number of those.
  mutating func readLevels(_ count: Int, into validity: inout Bitmap) throws(ParquetError) -> Int {
    left -= count
    let before = validity.setCount
    switch levels {
    case .allValid: validity.append(repeating: true, count: count)
    case .bitPacked(let bit):
      for index in bit..<bit + count {
        let value = body[index >> 3] >> UInt8(7 - index & 7) & 1
        validity.append(UInt64(value), length: 1)
      }
      levels = .bitPacked(bit: bit + count)
    case .hybrid(var decoder):
      try body.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try Self.read(count, &decoder, bytes, into: &validity)
      }
      levels = .hybrid(decoder)
    }
    return validity.setCount - before
  }

  private static func read(
    _ count: Int, _ decoder: inout HybridDecoder, _ bytes: UnsafeRawBufferPointer, into validity: inout Bitmap
  ) throws(ParquetError) {
    var done = 0
    while done < count {
      switch try decoder.next(count - done, of: bytes) {
      case .repeated(let level, let taken):
        guard level <= 1 else { throw .corrupted("a level above its maximum") }
        validity.append(repeating: level == 1, count: taken)
        done += taken
      case .literal(let bitOffset, let taken):
        var read = 0
        while read < taken {
          let length = min(32, taken - read)
          let bit = bitOffset + read
          var word: UInt64 = 0
          for index in bit >> 3...(bit + length - 1) >> 3 {
            word |= UInt64(bytes[index]) << UInt64((index - bit >> 3) * 8)
          }
          validity.append(word >> UInt64(bit & 7) & Bitmap.mask(length), length: length)
          read += length
        }
        done += taken
      }
    }
  }
}
