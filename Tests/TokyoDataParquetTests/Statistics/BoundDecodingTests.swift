import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Bounds as values of columns")
struct BoundDecodingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var physical: ParquetPhysicalType
    var logical: ParquetLogicalType?
    var length: Int32?
    var low: [UInt8]
    var high: [UInt8]
    var minimum: ColumnValue
    var maximum: ColumnValue
    /// A bound may have fewer bytes than a value.
    var isCut = false

    var testDescription: String { name }

    var element: ParquetSchemaElement {
      var element = ParquetSchemaElement(name: "c")
      (element.physicalType, element.logicalType, element.typeLength) = (physical, logical, length)
      return element
    }

    func statistics(_ low: [UInt8]?, _ high: [UInt8]?) -> ParquetStatistics {
      var encoded = EncodedStatistics()
      (encoded.minimum, encoded.maximum) = (low, high)
      let type = try? ValueConversion.reading(element).type
      return ParquetStatistics(
        encoded, valueCount: 9, element: element, type: type, order: .typeDefined)
    }
  }

  static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func decimal(_ unscaled: Int128, _ scale: Int) -> ColumnValue {
    .decimal(Decimal128(unchecked: unscaled, scale: scale))
  }

  static let cases: [Case] = [
    Case(
      name: "bool", physical: .boolean, low: [0], high: [1], minimum: false, maximum: true),
    Case(
      name: "int8", physical: .int32, logical: .integer(bitWidth: 8, isSigned: true),
      low: bytes(Int32(-5)), high: bytes(Int32(7)), minimum: -5, maximum: 7),
    Case(
      name: "uint16", physical: .int32, logical: .integer(bitWidth: 16, isSigned: false),
      low: bytes(Int32(5)), high: bytes(Int32(65_535)), minimum: 5, maximum: 65_535),
    Case(
      name: "uint32", physical: .int32, logical: .integer(bitWidth: 32, isSigned: false),
      low: bytes(UInt32(5)), high: bytes(UInt32.max), minimum: 5, maximum: 4_294_967_295),
    Case(
      name: "uint64", physical: .int64, logical: .integer(bitWidth: 64, isSigned: false),
      low: bytes(UInt64(5)), high: bytes(UInt64.max), minimum: decimal(5, 0),
      maximum: decimal(Int128(UInt64.max), 0)),
    Case(
      name: "date", physical: .int32, logical: .date, low: bytes(Int32(-1)), high: bytes(Int32(1)),
      minimum: .date(Day(daysSince1970: -1)), maximum: .date(Day(daysSince1970: 1))),
    Case(
      name: "time in milliseconds", physical: .int32,
      logical: .time(isAdjustedToUTC: true, unit: .milliseconds), low: bytes(Int32(1)),
      high: bytes(Int32(86_399_999)), minimum: .time(TimeOfDay(microsecondsSinceMidnight: 1000)),
      maximum: .time(TimeOfDay(microsecondsSinceMidnight: 86_399_999_000))),
    Case(
      name: "timestamp in milliseconds", physical: .int64,
      logical: .timestamp(isAdjustedToUTC: true, unit: .milliseconds), low: bytes(Int64(-2)),
      high: bytes(Int64(3)), minimum: .timestamp(Timestamp(microsecondsSince1970: -2000)),
      maximum: .timestamp(Timestamp(microsecondsSince1970: 3000))),
    Case(
      name: "local timestamp in nanoseconds", physical: .int64,
      logical: .timestamp(isAdjustedToUTC: false, unit: .nanoseconds), low: bytes(Int64(-1)),
      high: bytes(Int64(1001)), minimum: .localTimestamp(LocalTimestamp(microsecondsSince1970: -1)),
      maximum: .localTimestamp(LocalTimestamp(microsecondsSince1970: 2))),
    Case(
      name: "float", physical: .float, low: bytes(Float(-1.5).bitPattern), high: bytes(Float(2).bitPattern),
      minimum: .float(-1.5), maximum: .float(2)),
    Case(
      name: "float16", physical: .fixedLengthByteArray, logical: .float16, length: 2,
      low: bytes(UInt16(0xbe00)), high: bytes(UInt16(0x7c00)), minimum: .float(-1.5),
      maximum: .float(.infinity)),
    Case(
      name: "decimal in int32", physical: .int32, logical: .decimal(scale: 2, precision: 5),
      low: bytes(Int32(-5)), high: bytes(Int32(99_999)), minimum: decimal(-5, 2), maximum: decimal(99_999, 2)),
    Case(
      name: "decimal in int64", physical: .int64, logical: .decimal(scale: 0, precision: 18),
      low: bytes(Int64(-5)), high: bytes(Int64(6)), minimum: decimal(-5, 0), maximum: decimal(6, 0)),
    Case(
      name: "decimal in fixed bytes", physical: .fixedLengthByteArray,
      logical: .decimal(scale: 1, precision: 4), length: 3, low: [0xff, 0xff, 0xfe], high: [0, 1, 0],
      minimum: decimal(-2, 1), maximum: decimal(256, 1)),
    Case(
      name: "decimal in bytes", physical: .byteArray, logical: .decimal(scale: 1, precision: 4),
      low: [0xfe], high: [0, 1, 0], minimum: decimal(-2, 1), maximum: decimal(256, 1), isCut: true),
    Case(
      name: "uuid", physical: .fixedLengthByteArray, logical: .uuid, length: 16,
      low: [UInt8](repeating: 0, count: 16), high: (0..<16).map { UInt8($0 * 17) },
      minimum: "00000000-0000-0000-0000-000000000000", maximum: "00112233-4455-6677-8899-aabbccddeeff"),
    Case(
      name: "text", physical: .byteArray, logical: .string, low: [], high: Array("zé".utf8), minimum: "",
      maximum: "zé", isCut: true),
    Case(
      name: "fixed bytes", physical: .fixedLengthByteArray, length: 3, low: [1, 2, 3], high: [1, 2],
      minimum: .bytes([1, 2, 3]), maximum: .bytes([1, 2]), isCut: true),
  ]

  @Test("bounds become values of the column", arguments: cases)
  func decodes(_ item: Case) {
    var item = item
    if item.name == "fixed bytes" { (item.low, item.minimum) = ([1, 2], .bytes([1, 2])) }
    let statistics = item.statistics(item.low, item.high)
    #expect(statistics.minimum == item.minimum)
    #expect(statistics.maximum == item.maximum)
  }

  @Test("a bound of another length than values have is none", arguments: cases)
  func refusesLengths(_ item: Case) {
    guard !item.isCut else { return }
    for hostile in [[], Array(item.high.dropLast()), item.high + [0], [UInt8](repeating: 1, count: 100)] {
      #expect(item.statistics(nil, hostile).maximum == nil, "\(hostile)")
      #expect(item.statistics(hostile, nil).minimum == nil, "\(hostile)")
      #expect(item.statistics(item.low, hostile).minimum == item.minimum)
    }
  }

  @Test("bounds that contradict each other are none")
  func refusesContradictions() {
    for item in Self.cases where item.minimum != item.maximum && item.name != "fixed bytes" {
      let statistics = item.statistics(item.high, item.low)
      #expect(statistics.minimum == nil && statistics.maximum == nil, "\(item.name)")
    }
  }

  @Test("NaN beside a bound leaves none, and a zero stands for those of both signs")
  func widens() {
    let double = Case(name: "", physical: .double, low: [], high: [], minimum: 0, maximum: 0)
    func pattern(_ value: Double) -> [UInt8] { Self.bytes(value.bitPattern) }
    #expect(double.statistics(pattern(.nan), pattern(1)).maximum == nil)
    #expect(double.statistics(pattern(1), pattern(.nan)).minimum == nil)
    let zeros = double.statistics(pattern(0.0), pattern(-0.0))
    guard case .double(let low)? = zeros.minimum, case .double(let high)? = zeros.maximum else {
      Issue.record("no bounds")
      return
    }
    #expect(low.sign == .minus && high.sign == .plus)
  }

  @Test("times are exact only where they are whole microseconds; texts and deprecated times only if stated")
  func knowsExactness() throws {
    let item = try #require(Self.cases.first { $0.name.contains("nano") })
    let cut = item.statistics(item.low, item.high)
    #expect(!cut.isMinimumExact && !cut.isMaximumExact)
    let whole = item.statistics(Self.bytes(Int64(-1000)), Self.bytes(Int64(3000)))
    #expect(whole.isMinimumExact && whole.isMaximumExact)
    let text = try #require(Self.cases.first { $0.name == "text" })
    #expect(!text.statistics(text.low, text.high).isMaximumExact)
    let int96 = Case(
      name: "", physical: .int96, low: [], high: [], minimum: 0, maximum: 0)
    #expect(int96.statistics([UInt8](repeating: 0, count: 12), nil).minimum == nil)
  }
}
