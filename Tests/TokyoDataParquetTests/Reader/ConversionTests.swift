import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("What values of other programs become")
struct ConversionTests {
  typealias Made = HandMadeFile

  /// The values of a required column without levels, plain and by a dictionary.
  static func read(
    _ type: ParquetPhysicalType, _ logical: ParquetLogicalType?, _ count: Int, _ values: [UInt8],
    length: Int32? = nil, options: ParquetReaderOptions = .init()
  ) async throws -> (type: ColumnType, values: [ColumnValue]) {
    let element = Made.element("c", .required, type, logical, length: length)
    // Indices 0, 1, … of eight bits, one after the other.
    let indices = [8, UInt8((count + 7) / 8) << 1 | 1] + (0..<(count + 7) / 8 * 8).map { UInt8($0) }
    var read: [(ColumnType, [ColumnValue])] = []
    for pages in [
      Made.page(count, .plain, values),
      Made.dictionary(count, values) + Made.page(count, .rleDictionary, indices),
    ] {
      let chunk = Made.Chunk(type: type, path: ["c"], valueCount: count, pages: pages)
      let batch = try await HandMadeFile([element], rowCount: count, [chunk]).read(options)
      read.append((batch.columns[0].type, (0..<count).map { batch.row($0)[0] }))
    }
    #expect(read[0].1 == read[1].1)
    return read[0]
  }

  static func code(_ body: () async throws -> Void) async -> ParquetError.Code? {
    do { try await body() } catch { return (error as? ParquetError)?.code }
    return nil
  }

  @Test("unsigned integers get wider types")
  func readsUnsigned() async throws {
    let byte = try await Self.read(
      .int32, .integer(bitWidth: 8, isSigned: false), 1, Made.littleEndian([255] as [Int32]))
    #expect(byte == (.int16, [.int(255)]))
    let word = try await Self.read(
      .int32, .integer(bitWidth: 32, isSigned: false), 1, Made.littleEndian([UInt32.max]))
    #expect(word == (.int64, [.int(Int64(UInt32.max))]))
    let long = try await Self.read(
      .int64, .integer(bitWidth: 64, isSigned: false), 1, Made.littleEndian([UInt64.max]))
    #expect(long.type == .decimal(precision: 20, scale: 0))
    #expect(long.values == [.decimal(Decimal128(unchecked: Int128(UInt64.max), scale: 0))])
  }

  @Test("a value beyond its small type is an error")
  func refusesLargeIntegers() async {
    for (width, value) in [(8, 128), (8, -129), (16, 32_768)] as [(Int8, Int32)] {
      let code = await Self.code {
        _ = try await Self.read(
          .int32, .integer(bitWidth: width, isSigned: true), 1, Made.littleEndian([value]))
      }
      #expect(code == .valueOutOfRange)
    }
  }

  @Test("nanoseconds are whole microseconds, or cut off if asked for")
  func readsNanoseconds() async throws {
    let logical = ParquetLogicalType.timestamp(isAdjustedToUTC: true, unit: .nanoseconds)
    let whole = try await Self.read(.int64, logical, 2, Made.littleEndian([5000, -3000] as [Int64]))
    #expect(whole.type == .timestamp)
    #expect(whole.values == [5, -3].map { .timestamp(Timestamp(microsecondsSince1970: $0)) })
    let odd = Made.littleEndian([5001, -3001] as [Int64])
    #expect(await Self.code { _ = try await Self.read(.int64, logical, 2, odd) } == .valueOutOfRange)
    var options = ParquetReaderOptions()
    options.nanoseconds = .truncated
    let cut = try await Self.read(.int64, logical, 2, odd, options: options)
    #expect(cut.values == [5, -4].map { .timestamp(Timestamp(microsecondsSince1970: $0)) })
  }

  @Test("the deprecated 96-bit timestamps")
  func readsInt96() async throws {
    func int96(_ day: UInt32, _ nanoseconds: Int64) -> [UInt8] {
      Made.littleEndian([nanoseconds]) + Made.littleEndian([day])
    }
    let values = int96(2_440_588, 1000) + int96(2_440_587, 86_399_999_999_000)
    let read = try await Self.read(.int96, nil, 2, values)
    #expect(read.type == .localTimestamp)
    #expect(read.values == [1, -1].map { .localTimestamp(LocalTimestamp(microsecondsSince1970: $0)) })
    for bad in [int96(2_440_588, 1), int96(.max, 0)] {
      #expect(await Self.code { _ = try await Self.read(.int96, nil, 1, bad) } == .valueOutOfRange)
    }
  }

  @Test("milliseconds that do not fit microseconds are an error")
  func readsMilliseconds() async throws {
    let logical = ParquetLogicalType.timestamp(isAdjustedToUTC: false, unit: .milliseconds)
    let read = try await Self.read(.int64, logical, 1, Made.littleEndian([-7] as [Int64]))
    #expect(read == (.localTimestamp, [.localTimestamp(LocalTimestamp(microsecondsSince1970: -7000))]))
    let large = Made.littleEndian([Int64.max])
    #expect(await Self.code { _ = try await Self.read(.int64, logical, 1, large) } == .valueOutOfRange)
    let time = try await Self.read(
      .int32, .time(isAdjustedToUTC: false, unit: .milliseconds), 1, Made.littleEndian([1] as [Int32]))
    #expect(time == (.time, [.time(TimeOfDay(microsecondsSinceMidnight: 1000))]))
  }

  @Test("half precision: zeros, subnormal numbers, infinities")
  func readsHalves() async throws {
    let halves: [UInt16] = [0x3c00, 0x8000, 0x0001, 0x7c00, 0xfbff]
    let read = try await Self.read(
      .fixedLengthByteArray, .float16, 5, Made.littleEndian(halves), length: 2)
    #expect(read.type == .float)
    #expect(read.values == [1, -0.0, 0x1p-24, .infinity, -65504].map { .float($0) })
  }

  @Test("UUIDs become their text")
  func readsUUIDs() async throws {
    let bytes: [UInt8] = (0..<16).map { $0 * 17 } + [UInt8](repeating: 255, count: 16)
    let read = try await Self.read(.fixedLengthByteArray, .uuid, 2, bytes, length: 16)
    #expect(read.type == .string)
    #expect(
      read.values == [
        .string("00112233-4455-6677-8899-aabbccddeeff"), .string("ffffffff-ffff-ffff-ffff-ffffffffffff"),
      ])
  }

  @Test("decimals of bytes, of any length")
  func readsDecimals() async throws {
    let logical = ParquetLogicalType.decimal(scale: 1, precision: 3)
    func expect(_ type: ParquetPhysicalType, _ bytes: [UInt8], _ value: Int128?, length: Int32? = nil) async {
      let read = try? await Self.read(type, logical, 1, bytes, length: length)
      #expect(read?.values == value.map { [.decimal(Decimal128(unchecked: $0, scale: 1))] }, "\(bytes)")
    }
    await expect(.int32, Made.littleEndian([-999] as [Int32]), -999)
    await expect(.int32, Made.littleEndian([1000] as [Int32]), nil)
    await expect(.int64, Made.littleEndian([999] as [Int64]), 999)
    await expect(.int64, Made.littleEndian([Int64.min]), nil)
    await expect(.fixedLengthByteArray, [0xff, 0x85], -123, length: 2)
    await expect(.fixedLengthByteArray, [UInt8](repeating: 0xff, count: 20), -1, length: 20)
    await expect(.fixedLengthByteArray, [1] + [UInt8](repeating: 0, count: 19), nil, length: 20)
    await expect(.byteArray, [2, 0, 0, 0, 0x03, 0xe7], 999)
    await expect(.byteArray, [2, 0, 0, 0, 0x03, 0xe8], nil)
    await expect(.byteArray, [0, 0, 0, 0], nil)
  }

  @Test("decimals of more digits than ours, and meanings unknown here, are read as they lie")
  func readsTheRestAsItLies() async throws {
    let wide = try await Self.read(
      .fixedLengthByteArray, .decimal(scale: 0, precision: 40), 1, [UInt8](repeating: 7, count: 17),
      length: 17)
    #expect(wide == (.bytes, [.bytes([UInt8](repeating: 7, count: 17))]))
    let unknown = try await Self.read(.byteArray, .unknown(99), 1, [1, 0, 0, 0, 65])
    #expect(unknown == (.bytes, [.bytes([65])]))
    let interval = try await Self.read(
      .fixedLengthByteArray, .interval, 1, [UInt8](repeating: 3, count: 12), length: 12)
    #expect(interval == (.bytes, [.bytes([UInt8](repeating: 3, count: 12))]))
  }
}
