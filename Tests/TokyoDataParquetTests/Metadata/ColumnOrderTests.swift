import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Column orders")
struct ColumnOrderTests {
  @Test(
    "orders are read as written, also those of later versions of the format",
    arguments: [ParquetColumnOrder.typeDefined, .ieee754TotalOrder, .unknown(3), .unknown(200)])
  func readsOrders(order: ParquetColumnOrder) throws {
    var metadata = Self.metadata
    metadata.columnOrders = [.typeDefined, order]
    let bytes = metadata.encoded()
    let read = try ParquetFileMetadata(bytes, in: 0..<bytes.count, end: 0)
    #expect(read.columnOrders == [.typeDefined, order])
    #expect(read.columnOrder(ofLeaf: 1) == order)
    #expect(read.columnOrder(ofLeaf: 2) == nil)
  }

  static var metadata: ParquetFileMetadata {
    ParquetFileMetadata(
      version: 2, schema: [ParquetSchemaElement(name: "schema")], rowCount: 0, rowGroups: [],
      keyValueMetadata: [])
  }

  @Test("our files say that bounds are in the order of their type, and that there is no NaN beside them")
  func writesOrders() async throws {
    let schema = try ColumnSchema([ColumnField("a", .int32), ColumnField("b", .float)])
    var builder = ColumnBatchBuilder(schema)
    try builder.append(row: [.int(1), .float(2)])
    let file = try await ParquetFile(source: ParquetBytes(written([builder.finish()]).bytes))
    #expect(file.metadata.columnOrders == [.typeDefined, .typeDefined])
    #expect(file.rowGroups[0].columns[1].statistics.nanCount == 0)
    #expect(file.rowGroups[0].columns[0].statistics.nanCount == nil)
  }

  private static func statistics(
    _ physical: ParquetPhysicalType, _ order: ParquetColumnOrder?, _ logical: ParquetLogicalType? = nil,
    deprecated: Bool = false
  ) -> ParquetStatistics {
    var element = ParquetSchemaElement(name: "c")
    (element.physicalType, element.logicalType) = (physical, logical)
    let width = physical == .int32 || physical == .float ? 4 : 8
    let (low, high) = ([UInt8](repeating: 0, count: width), [UInt8](repeating: 1, count: width))
    var encoded = EncodedStatistics()
    if deprecated {
      (encoded.signedMinimum, encoded.signedMaximum) = (low, high)
    } else {
      (encoded.minimum, encoded.maximum) = (low, high)
    }
    let type = try? ValueConversion.reading(element).type
    return ParquetStatistics(encoded, valueCount: 5, element: element, type: type, order: order)
  }

  @Test("bounds in an order that is not known, or not that of the type, say nothing")
  func distrustsOrders() {
    for physical: ParquetPhysicalType in [.int32, .int64, .double, .byteArray] {
      #expect(Self.statistics(physical, .typeDefined).minimum != nil)
      #expect(Self.statistics(physical, .unknown(3)).minimum == nil)
    }
    #expect(Self.statistics(.float, .ieee754TotalOrder).maximum != nil)
    #expect(Self.statistics(.int64, .ieee754TotalOrder).maximum == nil)
    #expect(Self.statistics(.byteArray, .ieee754TotalOrder).maximum == nil)
  }

  @Test("without an order only signed integers have one")
  func knowsSignedIntegers() {
    let unsigned = ParquetLogicalType.integer(bitWidth: 64, isSigned: false)
    for isDeprecated in [false, true] {
      #expect(Self.statistics(.int32, nil, deprecated: isDeprecated).minimum == .int(0))
      #expect(
        Self.statistics(.int64, nil, .decimal(scale: 1, precision: 18), deprecated: isDeprecated).minimum
          != nil)
      #expect(Self.statistics(.int64, nil, unsigned, deprecated: isDeprecated).minimum == nil)
      #expect(Self.statistics(.byteArray, nil, .string, deprecated: isDeprecated).minimum == nil)
      #expect(
        Self.statistics(.byteArray, nil, .decimal(scale: 0, precision: 18), deprecated: isDeprecated).minimum
          == nil)
      #expect(Self.statistics(.double, nil, deprecated: isDeprecated).minimum == nil)
    }
    #expect(Self.statistics(.byteArray, .typeDefined, .string, deprecated: true).minimum == nil)
    #expect(Self.statistics(.int64, .typeDefined, unsigned, deprecated: true).minimum == nil)
  }
}
