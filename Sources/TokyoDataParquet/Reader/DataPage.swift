/// A data page that is being read: its levels and where its values are.
struct DataPage {
  private enum Levels {
    /// Nothing is stored, as all levels are the maximum.
    case none
    case hybrid(HybridDecoder)
    case other(LevelDecoder)
  }

  let body: PageBody
  let encoding: ParquetEncoding
  /// Slots, nulls included, that are not read yet.
  private(set) var left: Int
  /// Where the values lie in the body's bytes.
  let values: Range<Int>
  private let maximumDefinition: UInt8
  private var definitions: Levels
  private var repetitions: Levels

  /// A page without anything.
  static var empty: DataPage { DataPage() }

  private init() {
    body = PageBody(bytes: [], range: 0..<0, isOwn: false)
    encoding = .plain
    (left, values, maximumDefinition) = (0, 0..<0, 0)
    (definitions, repetitions) = (.none, .none)
  }

  init(_ body: PageBody, _ data: PageHeader.Data, of leaf: LeafColumn) throws(ParquetError) {
    self.body = body
    encoding = data.encoding
    left = data.valueCount
    // Schemas of more levels are refused before.
    maximumDefinition = UInt8(clamping: leaf.maximumDefinitionLevel)
    let maximumRepetition = UInt8(clamping: leaf.maximumRepetitionLevel)
    var position = body.range.lowerBound
    if let lengths = data.versionTwo {
      let middle = position + lengths.repetitionLevelBytes
      let end = middle + lengths.definitionLevelBytes
      guard end <= body.range.upperBound else { throw .corrupted("levels longer than their page") }
      repetitions = try Self.levels(position..<middle, .rle, maximumRepetition)
      definitions = try Self.levels(middle..<end, .rle, maximumDefinition)
      position = end
    } else {
      repetitions = try Self.versionOne(
        body, &position, data.repetitionLevelEncoding, maximumRepetition, left)
      definitions = try Self.versionOne(
        body, &position, data.definitionLevelEncoding, maximumDefinition, left)
    }
    values = position..<body.range.upperBound
  }

  private static func versionOne(
    _ body: PageBody, _ position: inout Int, _ encoding: ParquetEncoding, _ maximum: UInt8, _ count: Int
  ) throws(ParquetError) -> Levels {
    guard maximum > 0 else { return .none }
    let range: Range<Int>
    if encoding == .bitPacked {
      let size = try BitPackedLevels.byteCount(count, width: bitWidth(of: Int(maximum)))
      guard size <= body.range.upperBound - position else {
        throw .corrupted("levels longer than their page")
      }
      range = position..<position + size
    } else {
      range = try body.sized(at: position)
    }
    position = range.upperBound
    return try levels(range, encoding, maximum)
  }

  private static func levels(
    _ range: Range<Int>, _ encoding: ParquetEncoding, _ maximum: UInt8
  ) throws(ParquetError) -> Levels {
    if maximum == 0 { return .none }
    switch encoding {
    case .rle where maximum == 1: return .hybrid(try HybridDecoder(width: 1, range: range))
    case .rle: return .other(try LevelDecoder(hybrid: range, maximum: maximum))
    case .bitPacked: return .other(LevelDecoder(bitPacked: range, maximum: maximum))
    default: throw ParquetError(.unsupported, "levels in the encoding \(encoding)")
    }
  }
}

// MARK: - Columns that are not nested

extension DataPage {
  /// Reads which of the next `count` slots hold values, and gives the number of those.
  mutating func readLevels(_ count: Int, into validity: inout Bitmap) throws(ParquetError) -> Int {
    left -= count
    let before = validity.setCount
    switch definitions {
    case .none: validity.append(repeating: true, count: count)
    case .other(var decoder):
      var done = 0
      while done < count {
        let taken = min(64, count - done)
        var word: UInt64 = 0
        try withLevels(taken) { (bytes, target) throws(ParquetError) in
          try decoder.decode(taken, of: bytes, into: target)
          for index in 0..<taken { word |= UInt64(target[index]) << UInt64(index) }
        }
        validity.append(word, length: taken)
        done += taken
      }
      definitions = .other(decoder)
    case .hybrid(var decoder):
      try body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try Self.read(count, &decoder, bytes, into: &validity)
      }
      definitions = .hybrid(decoder)
    }
    return validity.setCount - before
  }

  private func withLevels(
    _ count: Int,
    _ read: (UnsafeRawBufferPointer, UnsafeMutablePointer<UInt8>) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    var failure: ParquetError?
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { scratch in
      guard let base = scratch.baseAddress else { return }
      do throws(ParquetError) {
        try body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in try read(bytes, base) }
      } catch { failure = error }
    }
    if let failure { throw failure }
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
          let length = min(56, taken - read)
          let bit = bitOffset + read
          var word: UInt64 = 0
          if bit >> 3 &+ 8 <= bytes.count {
            word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
          } else {
            for index in bit >> 3...(bit + length - 1) >> 3 {
              word |= UInt64(bytes[index]) << UInt64((index - bit >> 3) * 8)
            }
          }
          validity.append(word >> UInt64(bit & 7) & Bitmap.mask(length), length: length)
          read += length
        }
        done += taken
      }
    }
  }
}

// MARK: - Nested columns

extension DataPage {
  /// Reads the next `count` levels of both kinds.
  mutating func readLevels(
    _ count: Int, definitions target: UnsafeMutablePointer<UInt8>,
    repetitions second: UnsafeMutablePointer<UInt8>
  ) throws(ParquetError) {
    left -= count
    try Self.read(count, &definitions, body.bytes, into: target, else: maximumDefinition)
    try Self.read(count, &repetitions, body.bytes, into: second, else: 0)
  }

  private static func read(
    _ count: Int, _ levels: inout Levels, _ bytes: [UInt8], into target: UnsafeMutablePointer<UInt8>,
    else absent: UInt8
  ) throws(ParquetError) {
    switch levels {
    case .none: target.update(repeating: absent, count: count)
    case .other(var decoder):
      try bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try decoder.decode(count, of: bytes, into: target)
      }
      levels = .other(decoder)
    case .hybrid(var decoder):
      try bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try decoder.decode(count, of: bytes, into: target)
      }
      levels = .hybrid(decoder)
    }
  }
}
