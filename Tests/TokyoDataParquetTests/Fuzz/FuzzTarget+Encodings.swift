import TokyoDataColumns

@testable import TokyoDataParquet

extension FuzzTarget {
  /// The decoders by themselves, which run many times faster than behind a file.
  static let encodings: [FuzzTarget] = [
    FuzzTarget(
      name: "hybrid",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let (width, count) = (Int(input.byte()) % 40, input.count())
        let portions = input.portions(count)
        var decoder = try HybridDecoder(width: width, range: 0..<input.rest.count)
        try decode(UInt32.self, portions) { try decoder.decode($0, of: input.rest, into: $1) }
      },
      seeds: {
        [1, 3, 8, 17, 32].map { width in
          let values = fuzzNumbers.map { UInt32(truncatingIfNeeded: $0) & UInt32(1 << width - 1) }
          return [UInt8(width), 100, 0, 6]
            + encoded { out in values.withUnsafeBufferPointer { encodeHybrid($0, width: width, into: &out) } }
        }
      }),
    FuzzTarget(
      name: "levels",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let (maximum, count) = (input.byte(), input.count())
        let portions = input.portions(count)
        var decoder = try LevelDecoder(hybrid: 0..<input.rest.count, maximum: maximum)
        try decode(UInt8.self, portions) { try decoder.decode($0, of: input.rest, into: $1) }
      },
      seeds: {
        [(1, 1), (2, 2), (3, 2), (255, 8)].map { maximum, width in
          let levels = fuzzNumbers.map { UInt8($0.magnitude % UInt64(maximum + 1)) }
          return [UInt8(maximum), 100, 0, 6]
            + encoded { out in levels.withUnsafeBufferPointer { encodeHybrid($0, width: width, into: &out) } }
        }
      }),
    FuzzTarget(
      name: "bit-packed",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let (maximum, count) = (input.byte(), input.count())
        let portions = input.portions(count)
        var decoder = LevelDecoder(bitPacked: 0..<input.rest.count, maximum: maximum)
        try decode(UInt8.self, portions) { try decoder.decode($0, of: input.rest, into: $1) }
      },
      seeds: { [[1, 30, 0, 6, 0xaa, 1, 2, 3], [3, 16, 0, 4, 0x1b, 2, 3, 4], [255, 4, 0, 1, 9, 8, 7, 6]] }),
    FuzzTarget(
      name: "booleans",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let (isPlain, count) = (input.byte() & 1 == 0, input.count())
        let portions = input.portions(count)
        let range = 0..<input.rest.count
        var decoder =
          try isPlain ? BooleanDecoder(plain: range) : BooleanDecoder(runs: range, of: input.rest)
        try decode(Bool.self, portions) { try decoder.decode($0, of: input.rest, into: $1) }
      },
      seeds: {
        let values = fuzzNumbers.map { $0 > 0 }
        return [
          [0, 100, 0, 6]
            + encoded { out in values.withUnsafeBufferPointer { encodePlain($0, into: &out) } },
          [1, 100, 0, 6] + encoded { out in values.withUnsafeBufferPointer { encodeRuns($0, into: &out) } },
        ]
      }),
    FuzzTarget(
      name: "delta-binary-packed",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        if input.byte() & 1 == 0 {
          try decodeDelta(Int32.self, input)
        } else {
          try decodeDelta(Int64.self, input)
        }
      },
      seeds: {
        let narrow = fuzzNumbers.map { Int32(truncatingIfNeeded: $0) }
        return [
          [0, 100, 0, 6]
            + encoded { out in narrow.withUnsafeBufferPointer { encodeDelta($0, into: &out) } },
          [1, 100, 0, 6]
            + encoded { out in fuzzNumbers.withUnsafeBufferPointer { encodeDelta($0, into: &out) } },
        ]
      }),
    FuzzTarget(
      name: "delta-length-byte-array",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let portions = input.portions(input.count())
        var decoder = try DeltaLengthDecoder(0..<input.rest.count, of: input.rest)
        var strings = ByteStrings()
        for number in portions {
          try decoder.decode(number, of: input.rest, into: &strings, limit: 1 << 20)
        }
      },
      seeds: {
        [
          [100, 0, 6] + encoded { out in slices(fuzzStrings) { encodeDeltaLength($0, into: &out) } }
        ]
      }),
    FuzzTarget(
      name: "delta-byte-array",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let length = Int(input.byte()) % 8
        let portions = input.portions(input.count())
        var decoder = try DeltaByteArrayDecoder(
          0..<input.rest.count, of: input.rest, fixedLength: length == 0 ? nil : length)
        var strings = ByteStrings()
        for number in portions {
          try decoder.decode(number, of: input.rest, into: &strings, limit: 1 << 20)
        }
      },
      seeds: {
        [(0, fuzzStrings), (4, fuzzStrings.map { Array($0.suffix(4)) })].map { length, strings in
          [length, 100, 0, 6]
            + encoded { out in slices(strings) { encodeDeltaByteArray($0, into: &out) } }
        }
      }),
    FuzzTarget(
      name: "byte-stream-split",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let (width, count) = (Int(input.byte()) % 20, input.count())
        let portions = input.portions(count)
        var decoder = try ByteStreamSplitDecoder(width: width, range: 0..<input.rest.count)
        for number in portions {
          try withFuzzMemory(UInt8.self, number * width) { memory in
            try decoder.decode(number, of: input.rest, into: memory)
          }
        }
      },
      seeds: { [2, 4, 8, 12].map { [UInt8($0), 20, 0, 8] + [UInt8](repeating: 7, count: 20 * $0) } }),
  ]

  private static func slices(_ strings: [[UInt8]], _ body: (ByteArraySlices) -> Void) {
    var (bytes, offsets): ([UInt8], [UInt32]) = ([], [0])
    for string in strings {
      bytes += string
      offsets.append(UInt32(bytes.count))
    }
    offsets.withUnsafeBufferPointer { offsets in
      bytes.withUnsafeBytes { body(ByteArraySlices(offsets: offsets, bytes: $0)) }
    }
  }

  private static func decodeDelta<Value>(_: Value.Type, _ input: FuzzInput) throws
  where
    Value: FixedWidthInteger & SignedInteger & Sendable & BitwiseCopyable, Value.Magnitude: UnsignedInteger
  {
    var input = input
    let count = input.count()
    let portions = input.portions(count)
    var decoder = try DeltaDecoder<Value>(0..<input.rest.count, of: input.rest)
    try decode(Value.self, portions) { try decoder.decode($0, of: input.rest, into: $1) }
  }

  private static func decode<Element: BitwiseCopyable>(
    _ type: Element.Type, _ portions: [Int],
    _ decode: (_ count: Int, UnsafeMutablePointer<Element>) throws -> Void
  ) rethrows {
    for number in portions { try withFuzzMemory(type, number) { try decode(number, $0) } }
  }
}

private let fuzzNumbers: [Int64] = (0..<100).map { $0 < 40 ? 7 : ($0 &* 0x9e37_79b9_7f4a_7c1) >> ($0 % 50) }

private let fuzzStrings: [[UInt8]] = (0..<100).map { Array("name \($0 / 3) of \($0)".utf8) }
