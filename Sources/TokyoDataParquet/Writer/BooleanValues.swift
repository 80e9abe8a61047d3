internal import TokyoDataColumns

/// Booleans, one behind the other.
struct BooleanValues: LeafValues, ~Copyable {
  private let memory: OwnedBuffer<Bool>

  /// Copies the values of all pieces.
  init(_ pieces: [LeafSlots.Piece], _ scratch: Scratch) throws(ParquetError) {
    let count = pieces.reduce(0) { $0 + $1.slots.count - $1.column.validity.nullCount(in: $1.slots) }
    let memory = OwnedBuffer<Bool>(count, from: scratch)
    var written = 0
    for piece in pieces {
      guard case .bool(let source) = piece.column.storage else {
        throw ParquetError(.schemaMismatch, "a column that holds no booleans")
      }
      for index in piece.slots where piece.column.validity[index] {
        memory.mutable[written] = source[index]
        written += 1
      }
    }
    self.memory = memory
  }

  var count: Int { memory.count }

  private func values(_ range: Range<Int>) -> UnsafeBufferPointer<Bool> {
    UnsafeBufferPointer(rebasing: memory.values[range])
  }

  func plainByteCount(_ range: Range<Int>) -> Int { (range.count + 7) / 8 }

  func arrayByteCount(_ range: Range<Int>) -> Int? { nil }

  func bounds(_ range: Range<Int>) -> ValueBounds? {
    guard !range.isEmpty else { return nil }
    let values = values(range)
    return ValueBounds(
      minimum: .integer(values.contains(false) ? 0 : 1), maximum: .integer(values.contains(true) ? 1 : 0))
  }

  func encode(_ range: Range<Int>, as encoding: ParquetEncoding, into body: inout ByteBuffer) {
    if encoding == .rle {
      encodeRuns(values(range), into: &body)
    } else {
      encodePlain(values(range), into: &body)
    }
  }

  func dictionary(limit: Int) -> LeafDictionary<BooleanValues>? { nil }

  /// Options refuse bloom filters of booleans.
  func insert(into filter: inout BloomFilter) {}

  func ascending() -> [UInt32]? { nil }
}
