extension BloomFilter {
  /// The filter as it lies in a file: its header, then its words.
  func encoded() -> [UInt8] {
    var header = CompactWriter()
    header.structure {
      $0.field(1, int32: Int32(truncatingIfNeeded: byteCount))
      // The only members of their unions: split blocks, XXH64, no compression.
      for id in 2...4 { $0.field(id) { $0.emptyStructure(1) } }
    }
    return header.bytes + words.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  /// What the header of a filter says of the words behind it.
  struct Header {
    /// The bytes of the words.
    let byteCount: Int
    /// The bytes of the header itself.
    let length: Int

    /// Reads the header with which some bytes begin; nil for a kind of filter that is not known here.
    init?(_ bytes: [UInt8]) throws(ParquetError) {
      var reader = CompactReader(bytes, in: 0..<bytes.count)
      var byteCount: Int32?
      var isKnown = true
      try reader.structure { (reader, field) throws(ParquetError) in
        switch field.id {
        case 1: byteCount = try reader.int32(field)
        case 2, 3, 4:
          var member = 0
          try reader.structure(field) { (reader, field) throws(ParquetError) in
            member = field.id
            try reader.skip(field)
          }
          isKnown = isKnown && member == 1
        default: try reader.skip(field)
        }
      }
      let count = Int(try required(byteCount, "size of a bloom filter"))
      guard count > 0, count <= BloomFilter.maximumBytes, count.isMultiple(of: BloomFilter.bytesPerBlock)
      else {
        throw .corrupted("a bloom filter of \(count) bytes")
      }
      guard isKnown else { return nil }
      self.byteCount = count
      length = reader.position
    }
  }

  /// Takes the words of a filter from the bytes behind its header.
  init(_ bytes: ArraySlice<UInt8>) {
    self.init(
      words: stride(from: bytes.startIndex, to: bytes.endIndex - 3, by: 4).map { start in
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
      })
  }
}
