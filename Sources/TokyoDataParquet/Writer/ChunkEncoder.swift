internal import TokyoDataColumns

/// Encodes what a leaf column has in a row group.
enum ChunkEncoder {
  /// Encodes slots in the way that the leaf's physical type asks for.
  static func encode(_ slots: LeafSlots, _ settings: ChunkSettings) throws(ParquetError) -> EncodedChunk {
    let levels = ChunkLevels(slots, settings.leaf)
    switch settings.element.physicalType {
    case .boolean: return try encode(BooleanValues(slots.pieces), levels, settings)
    case .int32, .float:
      return try encode(
        FixedWidthValues<UInt32>(slots.pieces, type: settings.type, width: 4), levels, settings)
    case .int64, .double:
      return try encode(
        FixedWidthValues<UInt64>(slots.pieces, type: settings.type, width: 8), levels, settings)
    case .fixedLengthByteArray where settings.type == .string:
      return try encode(ByteArrayValues(uuids: slots.pieces), levels, settings)
    case .fixedLengthByteArray:
      let width = try ValueConversion.fixedLength(settings.element)
      return try encode(
        FixedWidthValues<UInt128>(slots.pieces, type: settings.type, width: width), levels, settings)
    default: return try encode(ByteArrayValues(slots.pieces), levels, settings)
    }
  }

  /// Chooses an encoding, cuts pages and writes them, the dictionary first.
  private static func encode<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ levels: ChunkLevels, _ settings: ChunkSettings
  ) throws(ParquetError) -> EncodedChunk {
    switch values.dictionary(limit: settings.dictionaryLimit) {
    case .some(let dictionary):
      let verdict = try EncodingChooser(settings: settings).choose(values, dictionary)
      guard verdict.encoding == .rleDictionary else {
        return try write(values, levels, settings, verdict)
      }
      return try write(values, dictionary, levels, settings, verdict)
    case .none:
      let verdict = try EncodingChooser(settings: settings).choose(values)
      return try write(values, levels, settings, verdict)
    }
  }

  private static func write<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ levels: ChunkLevels, _ settings: ChunkSettings,
    _ verdict: EncodingChooser.Verdict
  ) throws(ParquetError) -> EncodedChunk {
    var writer = try PageWriter(settings, verdict)
    var facts = ChunkFacts(settings)
    for page in planner(levels, settings).pages({ values.plainByteCount($0) }) {
      try writer.writeData(page, levels, encoding: verdict.encoding) {
        values.encode(page.values, as: verdict.encoding, into: &$0)
      }
      facts.add(
        page, levels, bounds: values.bounds(page.values), byteArrayBytes: values.arrayByteCount(page.values))
    }
    return facts.finish(writer, verdict, bloomFilter(values, settings))
  }

  private static func write<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ dictionary: borrowing LeafDictionary<Values>, _ levels: ChunkLevels,
    _ settings: ChunkSettings, _ verdict: EncodingChooser.Verdict
  ) throws(ParquetError) -> EncodedChunk {
    var writer = try PageWriter(settings, verdict)
    var facts = ChunkFacts(settings)
    let keys = dictionary.keys.count
    try writer.writeDictionary(count: keys) { dictionary.keys.encode(0..<keys, as: .plain, into: &$0) }
    let width = dictionary.indexWidth
    for page in planner(levels, settings).pages({ $0.count * width / 8 }) {
      try writer.writeData(page, levels, encoding: .rleDictionary) {
        dictionary.encodeIndices(page.values, into: &$0)
      }
      facts.add(
        page, levels, bounds: dictionary.bounds(page.values) ?? values.bounds(page.values),
        byteArrayBytes: values.arrayByteCount(page.values))
    }
    return facts.finish(writer, verdict, bloomFilter(dictionary.keys, settings))
  }

  /// A filter of some values, as small as it may be; none of a column without any value.
  private static func bloomFilter<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ settings: ChunkSettings
  ) -> BloomFilter? {
    guard let share = settings.bloomFilterFalsePositives, values.count > 0 else { return nil }
    var filter = BloomFilter(distinctValues: values.count, falsePositives: share)
    values.insert(into: &filter)
    filter.fold(keeping: share)
    return filter
  }

  private static func planner(_ levels: ChunkLevels, _ settings: ChunkSettings) -> PagePlanner {
    PagePlanner(levels: levels, rows: settings.options.pageRows, bytes: settings.options.pageBytes)
  }
}
