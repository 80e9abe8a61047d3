import TokyoDataParquet

extension RandomNumbers {
  /// Any type, with others in it as deep as said.
  mutating func type(depth: Int) -> ColumnType {
    guard depth > 0 else { return flatType() }
    switch below(4) {
    case 0, 1: return .list(of: type(depth: depth - 1), isNullable: once(in: 2))
    case 2: return .map(flatType(), to: type(depth: depth - 1), isNullable: once(in: 2))
    default:
      var fields: [ColumnField] = []
      for index in 0...below(3) {
        fields.append(
          ColumnField("f\(index)", type(depth: index == 0 ? depth - 1 : 0), isNullable: once(in: 2)))
      }
      return .structure(fields)
    }
  }

  private mutating func flatType() -> ColumnType {
    let precision = 1 + below(38)
    return pick([
      .bool, .int8, .int16, .int32, .int64, .float, .double, .string, .string, .bytes, .date, .time,
      .timestamp, .localTimestamp, .decimal(precision: precision, scale: below(precision + 1)),
    ])
  }

  /// Pages, row groups and dictionaries of any size, mostly so small that there are many of them.
  mutating func options(for schema: ColumnSchema, rows: Int) -> ParquetWriterOptions {
    var options = ParquetWriterOptions()
    options.profile = .unrestricted
    options.codec = pick([.uncompressed, .snappy, .gzip, .zstd])
    options.pageVersion = 1 + below(2)
    options.pageRows = size(upTo: 20_000)
    options.pageBytes = 16 + size(upTo: 1 << 20)
    // Not more than some twenty row groups.
    options.rowGroupRows = rows / 20 + size(upTo: 2000)
    options.rowGroupBytes = once(in: 3) ? 1000 * size(upTo: 1000) : 64 << 20
    options.dictionaryBytes = pick([0, size(upTo: 5000), 2 << 20])
    options.statisticsBytes = once(in: 2) ? 64 : size(upTo: 100)
    options.writesChecksums = !once(in: 4)
    options.writesPageIndex = !once(in: 4)
    options.writesSizeStatistics = !once(in: 4)
    for field in schema.fields {
      for (path, type) in Self.leaves(field.name, field.type) where once(in: 2) {
        options.columns[path] = columnOptions(for: type)
      }
    }
    return options
  }

  private mutating func columnOptions(for type: ColumnType) -> ParquetColumnOptions {
    var options = ParquetColumnOptions()
    options.encoding = once(in: 4) ? nil : pick(Self.encodings(of: type))
    options.codec = once(in: 3) ? pick([.uncompressed, .snappy, .gzip, .zstd]) : nil
    options.label = type == .string && once(in: 4) ? pick([.json, .enumeration]) : nil
    options.bloomFilterFalsePositives = type != .bool && once(in: 4) ? 0.01 : nil
    return options
  }

  /// The encodings that the format allows for the values of a type.
  static func encodings(of type: ColumnType) -> [ParquetEncoding] {
    switch type {
    case .bool: [.plain, .rle]
    case .float, .double: [.plain, .rleDictionary, .byteStreamSplit]
    case .decimal(let precision, _) where precision > 18: [.plain, .rleDictionary, .deltaByteArray]
    case .string, .bytes: [.plain, .rleDictionary, .deltaLengthByteArray, .deltaByteArray]
    default: [.plain, .rleDictionary, .deltaBinaryPacked]
    }
  }

  /// The dotted paths of the leaves and what they hold, as the format names them.
  static func leaves(_ path: String, _ type: ColumnType) -> [(path: String, type: ColumnType)] {
    switch type {
    case .list(let element): leaves("\(path).list.element", element.type)
    case .map(let key, let value):
      leaves("\(path).key_value.key", key) + leaves("\(path).key_value.value", value.type)
    case .structure(let fields): fields.flatMap { leaves("\(path).\($0.name)", $0.type) }
    default: [(path, type)]
    }
  }
}
