@testable import TokyoDataParquet

extension FuzzTarget {
  /// Pages of every type and encoding, through the reader, so that what is around the decoders is tried too.
  static let pages: [FuzzTarget] = [
    FuzzTarget(
      name: "page",
      body: .awaited { bytes in
        try await read(bytes) { input in
          let encodings: [ParquetEncoding] = [
            .plain, .rle, .deltaBinaryPacked, .deltaLengthByteArray, .deltaByteArray, .byteStreamSplit,
            .rleDictionary, .bitPacked,
          ]
          return (encodings[Int(input.byte()) % encodings.count], nil)
        }
      },
      seeds: { pageSeeds.map { [0] + $0 } }),
    FuzzTarget(
      name: "plain", body: .awaited { bytes in try await read(bytes) { _ in (.plain, nil) } },
      seeds: { pageSeeds }),
    FuzzTarget(
      name: "dictionary",
      body: .awaited { bytes in
        try await read(bytes) { input in (.rleDictionary, (input.count(), input.count())) }
      },
      seeds: {
        // Two values, then four indices of one bit: their width, and a bit-packed group.
        [(1, 8), (2, 16), (4, 8), (5, 16)].map { type, size in
          let values = (0..<size).map { $0 % 4 == 0 ? UInt8(1) : 0 }
          return [2, 0, UInt8(size), 0, UInt8(type), 4, 0] + values + [1, 3, 5]
        }
      }),
  ]

  private static let types: [ParquetPhysicalType] = [
    .boolean, .int32, .int64, .int96, .float, .double, .byteArray, .fixedLengthByteArray,
  ]

  private static var pageSeeds: [[UInt8]] {
    // Four values of every type, required and optional, the latter behind levels of one run.
    types.indices.flatMap { type -> [[UInt8]] in
      let values = (0..<64).map { $0 % 4 == 0 ? UInt8(1) : 0 }
      return [[UInt8(type), 4, 0] + values, [UInt8(type) | 0x10, 4, 0] + [2, 0, 0, 0, 8, 1] + values]
    }
  }

  /// Reads a file of one data page, behind a dictionary of a count of values and bytes if there is one.
  private static func read(
    _ bytes: [UInt8],
    _ choose: (inout FuzzInput) -> (ParquetEncoding, dictionary: (count: Int, bytes: Int)?)
  ) async throws {
    let file = bytes.withUnsafeBytes { bytes in
      var input = FuzzInput(bytes)
      let (encoding, dictionary) = choose(&input)
      let shape = input.byte()
      let count = input.count()
      var file = FuzzedFile(type: types[Int(shape & 7)], isOptional: shape & 0x10 != 0)
      if file.type == .fixedLengthByteArray { file.typeLength = Int32(shape >> 6) * 3 + 1 }
      var levels: PageHeader.VersionTwo?
      if shape & 0x20 != 0 {
        levels = .init(
          definitionLevelBytes: Int(input.byte()), repetitionLevelBytes: 0, isCompressed: false,
          rowCount: count)
      }
      let rest = input.rest
      let split = min(dictionary?.bytes ?? 0, rest.count)
      if let dictionary {
        file.addDictionary(count: dictionary.count, UnsafeRawBufferPointer(rebasing: rest[..<split]))
      }
      file.addData(encoding, count: count, levels: levels, UnsafeRawBufferPointer(rebasing: rest[split...]))
      return file.bytes
    }
    try await readFuzzedFile(file)
  }
}
