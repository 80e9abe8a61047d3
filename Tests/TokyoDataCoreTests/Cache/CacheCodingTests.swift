internal import Testing
internal import TokyoDataTesting

@testable import TokyoDataCore

@Suite("Typed values of a cache")
struct CacheCodingTests {
  let coding = CacheCoding(compressor: RunLengths(), compressAbove: 100)

  @Test("a batch of every type comes back as it was, with and without nulls, empty, and compressed")
  func roundTrips() throws {
    var random = SplitMix64(seed: 5)
    for rowCount in [0, 1, 63, 64, 65, 500] {
      for nullsOutOf in [0, 3, 1] {
        let batch = try Self.batch(rowCount, nullsOutOf: nullsOutOf, &random)
        for coding in [coding, CacheCoding()] {
          let bytes = try coding.bytes(of: batch)
          #expect(coding.batch(from: bytes, schema: batch.schema) == batch)
        }
      }
    }
    let flat = try ColumnBatch(
      schema: ColumnSchema([ColumnField("n", .int64)]),
      columns: [
        ColumnVector(
          type: .int64, storage: .int64(Array(repeating: 0, count: 1000)), validity: Validity(allValid: 1000))
      ])
    #expect(try coding.bytes(of: flat).count < 150)
    #expect(try coding.batch(from: coding.bytes(of: flat), schema: flat.schema) == flat)
  }

  @Test("bytes of which one bit differs, or one byte is missing or too many, are no batch")
  func damage() throws {
    var random = SplitMix64(seed: 6)
    let batch = try Self.batch(20, nullsOutOf: 3, &random)
    for coding in [coding, CacheCoding()] {
      let bytes = try coding.bytes(of: batch)
      for index in bytes.indices {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(index & 7)
        #expect(coding.batch(from: damaged, schema: batch.schema) == nil, "byte \(index)")
        #expect(coding.batch(from: Array(bytes[..<index]), schema: batch.schema) == nil, "\(index) bytes")
      }
      #expect(coding.batch(from: bytes + [0], schema: batch.schema) == nil)
    }
  }

  @Test("payloads with a right checksum and wrong content are no batch and no trap")
  func forged() throws {
    var random = SplitMix64(seed: 7)
    let batch = try Self.batch(9, nullsOutOf: 3, &random)
    let sealed = try CacheCoding().bytes(of: batch)
    let fingerprint = sealed[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let payload = Array(sealed[CacheCoding.headerCount...])
    #expect(try CacheCoding().seal(payload, .batch, fingerprint: fingerprint) == sealed)
    var refused = 0
    for _ in 0..<20_000 {
      var forged = payload
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        forged[Int.random(in: forged.indices, using: &random)] = UInt8.random(
          in: .min ... .max, using: &random)
      }
      if Bool.random(using: &random) { forged.removeLast(Int.random(in: 0..<forged.count, using: &random)) }
      let bytes = try CacheCoding().seal(forged, .batch, fingerprint: fingerprint)
      guard let found = CacheCoding().batch(from: bytes, schema: batch.schema) else {
        refused += 1
        continue
      }
      for row in 0..<found.rowCount { _ = found.row(row) }
    }
    #expect(refused > 5_000)
  }

  @Test("a compressed value that states a wrong length is refused before memory is taken for it")
  func bomb() throws {
    let payload = [UInt8](repeating: 7, count: 5_000)
    var bytes = try coding.seal(payload, .batch, fingerprint: 1)
    #expect(coding.open(bytes, .batch, fingerprint: 1) == payload)
    for count in [0, 4_999, 5_001, UInt64.max, UInt64(CacheCoding.longest) + 1] {
      bytes.replaceSubrange(16..<24, with: (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
      let checksum = XXH64.hash(Array(bytes[32...]), seed: XXH64.hash(Array(bytes[..<24]), seed: 0))
      bytes.replaceSubrange(24..<32, with: (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) })
      #expect(coding.open(bytes, .batch, fingerprint: 1) == nil, "\(count) bytes stated")
    }
  }

  @Test("a batch of another schema is no batch of this one")
  func otherSchema() throws {
    let field = ColumnField("n", .int64)
    func batch(_ fields: [ColumnField]) throws -> ColumnBatch { ColumnBatch(empty: try ColumnSchema(fields)) }
    let bytes = try coding.bytes(of: try batch([field]))
    #expect(coding.batch(from: bytes, schema: try ColumnSchema([field])) != nil)
    for other in [
      [ColumnField("m", .int64)], [ColumnField("n", .timestamp)],
      [ColumnField("n", .int64, isNullable: false)],
      [field, ColumnField("m", .int64)], [],
    ] { #expect(coding.batch(from: bytes, schema: try ColumnSchema(other)) == nil) }
  }

  @Test("columns of nested types are refused when they are set")
  func nested() throws {
    let schema = try ColumnSchema([ColumnField("l", .list(ColumnElement(.int64)))])
    let error = #expect(throws: TokyoDataError.self) { try coding.bytes(of: ColumnBatch(empty: schema)) }
    #expect(error?.code == .unsupported)
  }

  struct Customer: Codable, Equatable { var name: String, age: Int }

  @Test("a Codable value comes back from a cache; another form, type or damage is told from absence")
  func codable() async throws {
    let (cache, key) = (InMemoryCache(), CacheKey("c"))
    let customer = Customer(name: "Ito 伊藤", age: 40)
    #expect(try await cache.getValue(key, as: Customer.self) == .absent)
    try await cache.setValue(key, to: customer, expiry: .never, coding: coding)
    #expect(try await cache.getValue(key, as: Customer.self, coding: coding) == .found(customer))
    #expect(try await cache.getValue(key, as: Customer.self, form: 2) == .damaged)
    #expect(try await cache.getValue(key, as: [Int].self) == .damaged)
    #expect(try await cache.getBatches([key], schema: ColumnSchema([])) == [.damaged])
    try await cache.set(key, to: Array("{}".utf8), expiry: .never)
    #expect(try await cache.getValue(key, as: Customer.self) == .damaged)
  }

  static func batch(
    _ rowCount: Int, nullsOutOf: Int, _ random: inout SplitMix64
  ) throws -> ColumnBatch {
    let types: [ColumnType] = [
      .bool, .int8, .int16, .int32, .int64, .float, .double, .decimal(20, 3), .decimal(38, 0), .string,
      .bytes,
      .date, .time, .timestamp, .localTimestamp,
    ]
    var builder = ColumnBatchBuilder(
      try ColumnSchema(
        types.enumerated().map { ColumnField("c\($0)", $1) } + [ColumnField("key", .int64, isNullable: false)]
      ))
    for _ in 0..<rowCount {
      var row = types.map { type -> ColumnValue in
        nullsOutOf > 0 && Int.random(in: 0..<nullsOutOf, using: &random) == 0 ? .null : value(type, &random)
      }
      row.append(.int(Int64(truncatingIfNeeded: random.next())))
      try builder.append(row: row)
    }
    return try builder.finish()
  }

  private static func value(_ type: ColumnType, _ random: inout SplitMix64) -> ColumnValue {
    let number = Int64(truncatingIfNeeded: random.next())
    return switch type {
    case .bool: .bool(number < 0)
    case .int8: .int(Int64(Int8(truncatingIfNeeded: number)))
    case .int16: .int(Int64(Int16(truncatingIfNeeded: number)))
    case .int32: .int(Int64(Int32(truncatingIfNeeded: number)))
    case .int64: .int(number)
    case .float: .float([Float.nan, -0.0, .infinity, 1.5][Int(number & 3)])
    case .double: .double([Double.nan, -0.0, .infinity, 1e300][Int(number & 3)])
    case .decimal(_, let scale): .decimal(Decimal128(unchecked: Int128(number), scale: scale))
    case .string: .string(["", "a", "süß", "日本\u{0}"][Int(number & 3)])
    case .bytes: .bytes([[], [0], [255, 254], [1, 2, 3]][Int(number & 3)])
    case .date: .date(Day(daysSince1970: Int32(number % 100_000)))
    case .time: .time(TimeOfDay(microsecondsSinceMidnight: abs(number % 86_400_000_000)))
    case .timestamp: .timestamp(Timestamp(microsecondsSince1970: number >> 12))
    default: .localTimestamp(LocalTimestamp(microsecondsSince1970: number >> 12))
    }
  }
}

/// Compresses runs of equal bytes, enough to test what is around a compressor.
struct RunLengths: CacheCompressor {
  let id: UInt8 = 200

  func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var runs: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.first {
      let count = rest.prefix(255).prefix { $0 == byte }.count
      runs += [UInt8(count), byte]
      rest = rest.dropFirst(count)
    }
    return runs
  }

  func decompress(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    var result: [UInt8] = []
    for index in stride(from: 0, to: bytes.count, by: 2) {
      guard result.count + Int(bytes[index]) <= count else { return nil }
      result += Array(repeating: bytes[index + 1], count: Int(bytes[index]))
    }
    return result
  }
}
