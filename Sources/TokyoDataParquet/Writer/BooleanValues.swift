internal import TokyoDataColumns

/// Booleans as bits.
struct BooleanValues: LeafValues {
  private var bits = Bitmap()

  init(_ pieces: [LeafSlots.Piece]) throws(ParquetError) {
    for piece in pieces {
      guard case .bool(let source) = piece.column.storage else {
        throw ParquetError(.schemaMismatch, "a column that holds no booleans")
      }
      for index in piece.slots where piece.column.validity[index] {
        bits.append(source[index] ? 1 : 0, length: 1)
      }
    }
  }

  var count: Int { bits.count }

  func plainByteCount(_ range: Range<Int>) -> Int { (range.count + 7) / 8 }

  func arrayByteCount(_ range: Range<Int>) -> Int? { nil }

  func bounds(_ range: Range<Int>) -> ValueBounds? {
    guard !range.isEmpty else { return nil }
    let set = bits.setCount(in: range)
    return ValueBounds(minimum: .integer(set < range.count ? 0 : 1), maximum: .integer(set > 0 ? 1 : 0))
  }

  func encode(_ range: Range<Int>, as encoding: ParquetEncoding, into body: inout ByteBuffer) {
    guard encoding == .rle else {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
        let length = min(8, range.upperBound - start)
        body.append(UInt8(truncatingIfNeeded: bits.bits(at: start, length: length)))
      }
      return
    }
    // Runs of booleans have their length before them in pages of every version.
    let place = body.count
    body.append(littleEndian: 0)
    encodeLevels(bits, range, into: &body)
    let length = UInt32(truncatingIfNeeded: body.count - place - 4)
    body.base.storeBytes(of: length.littleEndian, toByteOffset: place, as: UInt32.self)
  }

  func dictionary(limit: Int) -> LeafDictionary<BooleanValues>? { nil }

  /// Options refuse bloom filters of booleans.
  func insert(into filter: inout BloomFilter) {}

  func ascending() -> [UInt32]? { nil }
}
