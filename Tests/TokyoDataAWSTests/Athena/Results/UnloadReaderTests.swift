import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataParquet

@testable import TokyoDataAWS

@Suite("Files that a query wrote, in the laboratory", .timeLimit(.minutes(1)))
struct UnloadReaderTests {
  let s3: S3Bench
  let schema: ColumnSchema

  init() async throws {
    s3 = try await S3Bench()
    schema = try ColumnSchema([ColumnField("id", .int64, isNullable: false)])
  }

  var folder: S3Location { S3Location(bucket: s3.bucket, key: "results/tokyo-unload/t/") }

  var reader: UnloadReader {
    UnloadReader(
      objects: ResultObjects(client: s3.aws), folder: folder,
      manifest: S3Location(bucket: s3.bucket, key: "results/q-manifest.csv"))
  }

  /// Numbers that no encoding makes small.
  static func numbers(_ ids: Range<Int>) -> [Int64] {
    ids.map { id in
      var bits = UInt64(id) &* 0x9E37_79B9_7F4A_7C15
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int64(bitPattern: bits ^ (bits >> 31))
    }
  }

  /// Puts a file of numbers, in row groups of 4,096 rows and 32 KB.
  func put(_ ids: Range<Int>, as name: String) async throws -> StoredObject {
    var builder = ColumnBatchBuilder(schema, capacity: ids.count)
    for number in Self.numbers(ids) { try builder.append(row: [.int(number)]) }
    var options = ParquetWriterOptions()
    options.rowGroupRows = 4_096
    var writer = try ParquetWriter(schema: schema, options: options, sink: ParquetBytes())
    try await writer.write(try builder.finish())
    return try await put(try await writer.finish().1.bytes, as: name)
  }

  func put(_ bytes: [UInt8], as name: String) async throws -> StoredObject {
    let key = try folder.appending(name).objectKey
    try await s3.store().put(bytes, as: key)
    return StoredObject(key: key, size: bytes.count)
  }

  /// The numbers of all files.
  func read(
    _ files: [StoredObject], upTo mostBytes: Int, by client: AWSClient? = nil,
    _ consume: () async throws -> Void = {}
  ) async throws -> [Int64] {
    var numbers: [Int64] = []
    let store = try s3.store(by: client)
    let first = try await UnloadPieces(of: files, in: store, mostBytes: mostBytes).next()
    try await reader.read(from: first, as: schema) { batch in
      try batch.columns[0].withValues(as: Int64.self) { values, _ in
        for index in values.indices { numbers.append(values[index]) }
      }
      try await consume()
    }
    return numbers
  }

  @Test("come with one request each where they are small, in their order")
  func small() async throws {
    let files = [try await put(0..<9_000, as: "b"), try await put(9_000..<9_500, as: "a")]
    #expect(try await read(files, upTo: 1 << 20) == Self.numbers(0..<9_500))
    #expect(try await s3.count("GetObject") == 2)
  }

  @Test("with many small row groups take few requests")
  func rowGroups() async throws {
    let file = try await put(0..<40_960, as: "a")
    #expect(try await read([file], upTo: 100_000) == Self.numbers(0..<40_960))
    // The footer, and ten row groups of which three at a time are fewer than a hundred thousand bytes.
    #expect(try await s3.count("GetObject") == 5)
  }

  @Test("are read whole where a row group is larger than what is fetched at once")
  func largeRowGroups() async throws {
    let file = try await put(0..<12_288, as: "a")
    #expect(try await read([file], upTo: 10_000) == Self.numbers(0..<12_288))
    #expect(try await s3.count("GetObject") == 4)
  }

  @Test("are fetched while rows of the piece before are taken")
  func ahead() async throws {
    let files = [try await put(0..<100, as: "a"), try await put(100..<200, as: "b")]
    let gets = CallGate { $0.method == .get }
    gets.open()
    let numbers = try await read(files, upTo: 1 << 20, by: s3.aws.through(gets)) { await gets.reached(2) }
    #expect(numbers == Self.numbers(0..<200))
  }

  @Test("are read no further when nobody takes their rows")
  func refused() async throws {
    struct Enough: Error {}
    var files: [StoredObject] = []
    for number in 0..<4 { files.append(try await put(number * 100..<number * 100 + 100, as: "\(number)")) }
    await #expect(throws: Enough.self) { _ = try await read(files, upTo: 1 << 20) { throw Enough() } }
    #expect(try await s3.count("GetObject") <= 2)
  }

  @Test("that are none are errors that name them", arguments: [10, 1 << 20])
  func strange(_ mostBytes: Int) async throws {
    let files = [
      try await put(0..<100, as: "a"), try await put([UInt8](repeating: 7, count: 1_000), as: "strange"),
    ]
    let error = await #expect(throws: TokyoDataError.self) { _ = try await read(files, upTo: mostBytes) }
    #expect(error?.code == .invalidData)
    #expect(error?.message.contains("strange") == true, "\(String(describing: error))")
  }

  @Test("are all known, whether the query's list names them or not")
  func written() async throws {
    let named = try await put(0..<100, as: "a")
    let other = try await put([1], as: "b")
    try await s3.store().put(
      Array("\(folder.appending("a").text)\n".utf8), as: try reader.manifest.objectKey)
    let written = try await reader.written()
    #expect(written.files == [named])
    #expect(written.keys == [named.key, other.key])
  }
}
