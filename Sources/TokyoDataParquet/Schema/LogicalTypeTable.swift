/// Which older and newer annotations belong together; written and read from this one table.
enum LogicalTypeTable {
  // For reading the first row of a converted type counts. The format asks writers to annotate local times
  // with the older types too, though those mean instants.
  private static let rows: [(converted: ParquetConvertedType, logical: ParquetLogicalType)] = [
    (.utf8, .string), (.map, .map), (.mapKeyValue, .map), (.list, .list), (.enumeration, .enumeration),
    (.date, .date), (.json, .json), (.bson, .bson), (.interval, .interval),
    (.timeMillis, .time(isAdjustedToUTC: true, unit: .milliseconds)),
    (.timeMillis, .time(isAdjustedToUTC: false, unit: .milliseconds)),
    (.timeMicros, .time(isAdjustedToUTC: true, unit: .microseconds)),
    (.timeMicros, .time(isAdjustedToUTC: false, unit: .microseconds)),
    (.timestampMillis, .timestamp(isAdjustedToUTC: true, unit: .milliseconds)),
    (.timestampMillis, .timestamp(isAdjustedToUTC: false, unit: .milliseconds)),
    (.timestampMicros, .timestamp(isAdjustedToUTC: true, unit: .microseconds)),
    (.timestampMicros, .timestamp(isAdjustedToUTC: false, unit: .microseconds)),
    (.uint8, .integer(bitWidth: 8, isSigned: false)), (.uint16, .integer(bitWidth: 16, isSigned: false)),
    (.uint32, .integer(bitWidth: 32, isSigned: false)), (.uint64, .integer(bitWidth: 64, isSigned: false)),
    (.int8, .integer(bitWidth: 8, isSigned: true)), (.int16, .integer(bitWidth: 16, isSigned: true)),
    (.int32, .integer(bitWidth: 32, isSigned: true)), (.int64, .integer(bitWidth: 64, isSigned: true)),
  ]

  /// The older annotation that goes with a newer one.
  static func convertedType(for logical: ParquetLogicalType) -> ParquetConvertedType? {
    if case .decimal = logical { return .decimal }
    return rows.first { $0.logical == logical }?.converted
  }

  /// What an element means: by the newer annotation, else by the older one.
  static func logicalType(of element: ParquetSchemaElement) -> ParquetLogicalType? {
    if let logical = element.logicalType { return logical }
    if element.convertedType == .decimal, let precision = element.precision {
      return .decimal(scale: element.scale ?? 0, precision: precision)
    }
    return rows.first { $0.converted == element.convertedType }?.logical
  }
}
