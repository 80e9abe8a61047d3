@testable import TokyoDataParquet

/// A part of the reader that is fed hostile bytes: by the fuzzer, by the tests, and by hand.
///
/// Its body returns or throws a `ParquetError`; everything else is a finding.
struct FuzzTarget: Sendable, CustomStringConvertible {
  enum Body: Sendable {
    case immediate(@Sendable (UnsafeRawBufferPointer) throws -> Void)
    case awaited(@Sendable ([UInt8]) async throws -> Void)
  }

  /// The folder of its cases.
  let name: String
  let body: Body
  /// Inputs to begin from.
  let seeds: @Sendable () async throws -> [[UInt8]]

  var description: String { name }

  static let all: [FuzzTarget] = files + metadata + pages + encodings

  /// Feeds it some bytes.
  func run(_ bytes: [UInt8]) async throws {
    switch body {
    case .immediate(let body): try bytes.withUnsafeBytes { try body($0) }
    case .awaited(let body): try await body(bytes)
    }
  }
}

extension FuzzTarget {
  /// Whole files, through the public interface.
  static let files: [FuzzTarget] = [
    FuzzTarget(
      name: "file", body: .awaited { try await readFuzzedFile($0) }, seeds: { try await fuzzedFileSeeds() }),
    FuzzTarget(
      name: "filter",
      body: .awaited { bytes in
        try await readFuzzedFile(Array(bytes.dropFirst(2)), choosing: bytes.prefix(2).map { Int($0) })
      },
      seeds: { try await fuzzedFileSeeds().enumerated().map { [UInt8($0 % 7), UInt8($0 % 5)] + $1 } }),
  ]

  /// What stands between the values: thrift, and the guard in front of the codecs.
  static let metadata: [FuzzTarget] = [
    FuzzTarget(
      name: "footer",
      body: .immediate { bytes in
        let metadata = try ParquetFileMetadata(Array(bytes), in: 0..<bytes.count, end: 1 << 20)
        _ = try SchemaTree(metadata.schema)
      },
      seeds: {
        let file = try await ParquetFile(
          source: ParquetBytes(written([TestColumns.batch(.int64, 9, .some)]).bytes))
        return [file.metadata.encoded()]
      }),
    FuzzTarget(
      name: "page-header",
      body: .immediate { bytes in
        var reader = CompactReader(Array(bytes), in: 0..<bytes.count)
        _ = try PageHeader(&reader)
      },
      seeds: {
        let levels = PageHeader.VersionTwo(
          definitionLevelBytes: 2, repetitionLevelBytes: 0, isCompressed: true)
        var dictionary = PageHeader(type: .dictionary, uncompressedBytes: 9, compressedBytes: 9, checksum: 7)
        dictionary.dictionaryCount = 3
        return [
          PageHeader(
            type: .data, uncompressedBytes: 300, compressedBytes: 200,
            data: .init(valueCount: 100, encoding: .plain)),
          PageHeader(
            type: .dataV2, uncompressedBytes: 300, compressedBytes: 200,
            data: .init(valueCount: 100, encoding: .deltaBinaryPacked, versionTwo: levels)),
          dictionary,
        ].map { $0.encoded() }
      }),
    FuzzTarget(
      name: "page-index",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        if input.byte() & 1 == 0 {
          _ = try ParquetColumnIndex(Array(input.rest))
        } else {
          _ = try ParquetOffsetIndex(Array(input.rest))
        }
      },
      seeds: {
        var bounds = ParquetColumnIndex()
        bounds.nullPages = [false, true, false]
        bounds.minimums = [[1, 2], [], [3]]
        bounds.maximums = [[4], [], [5, 6]]
        bounds.nullCounts = [0, 7, 1]
        bounds.definitionLevels = [1, 2, 3, 4, 5, 6]
        let places = ParquetOffsetIndex(
          pages: [
            .init(offset: 4, byteCount: 90, firstRow: 0), .init(offset: 94, byteCount: 9, firstRow: 40),
          ],
          byteArrayBytes: [70, 7])
        return [[0] + bounds.encoded(), [1] + places.encoded()]
      }),
    FuzzTarget(
      name: "compression",
      body: .immediate { bytes in
        var input = FuzzInput(bytes)
        let codec = fuzzedCodecs[Int(input.byte()) % fuzzedCodecs.count]
        let size = input.count() << Int(input.byte() & 7)
        _ = try PageCompression.decompress(input.rest, codec, size: size)
      },
      seeds: {
        let body = (0..<300).map { UInt8(truncatingIfNeeded: $0 / 7) }
        return try fuzzedCodecs.indices.dropLast().map { index in
          let packed = try encoded { out in
            _ = try body.withUnsafeBytes { try PageCompression.compress($0, fuzzedCodecs[index], into: &out) }
          }
          return [UInt8(index), 44, 1, 0] + packed
        }
      }),
  ]
}

private let fuzzedCodecs: [ParquetCodec] = [.uncompressed, .snappy, .gzip, .zstd, .lz4Raw]
