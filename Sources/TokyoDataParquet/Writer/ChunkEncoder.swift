internal import TokyoDataColumns

/// Encodes what a leaf column has in a row group.
struct ChunkEncoder: Sendable {
  let settings: ChunkSettings
  let scratch: Scratch

  /// Encodes slots in the way that the leaf's physical type asks for.
  func encode(_ slots: LeafSlots) throws(ParquetError) -> EncodedChunk {
    let levels = ChunkLevels(slots, settings.leaf)
    switch settings.element.physicalType {
    case .boolean: return try encode(BooleanValues(slots.pieces, scratch), levels)
    case .int32, .float:
      return try encode(
        FixedWidthValues<UInt32>(slots.pieces, type: settings.type, width: 4, scratch), levels)
    case .int64, .double:
      return try encode(
        FixedWidthValues<UInt64>(slots.pieces, type: settings.type, width: 8, scratch), levels)
    case .fixedLengthByteArray where settings.type == .string:
      return try encode(ByteArrayValues(uuids: slots.pieces, scratch), levels)
    case .fixedLengthByteArray:
      let width = try ValueConversion.fixedLength(settings.element)
      return try encode(
        FixedWidthValues<UInt128>(slots.pieces, type: settings.type, width: width, scratch), levels)
    default: return try encode(ByteArrayValues(slots.pieces, scratch), levels)
    }
  }

  /// Chooses an encoding, cuts pages and writes them, the dictionary first.
  private func encode<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ levels: ChunkLevels
  ) throws(ParquetError) -> EncodedChunk {
    switch values.dictionary(limit: settings.dictionaryLimit) {
    case .some(let dictionary):
      let verdict = try EncodingChooser(settings: settings).choose(values, dictionary)
      guard verdict.encoding == .rleDictionary else {
        return try write(values, levels, verdict)
      }
      return try write(values, dictionary, levels, verdict)
    case .none:
      let verdict = try EncodingChooser(settings: settings).choose(values)
      return try write(values, levels, verdict)
    }
  }

  private func write<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ levels: ChunkLevels, _ verdict: EncodingChooser.Verdict
  ) throws(ParquetError) -> EncodedChunk {
    var writer = try PageWriter(settings, verdict, scratch)
    var facts = ChunkFacts(settings)
    for page in planner(levels).pages({ values.plainByteCount($0) }) {
      try writer.writeData(page, levels, encoding: verdict.encoding) {
        values.encode(page.values, as: verdict.encoding, into: &$0)
      }
      facts.add(
        page, levels, bounds: values.bounds(page.values), byteArrayBytes: values.arrayByteCount(page.values))
    }
    return facts.finish(writer, verdict, bloomFilter(values))
  }

  private func write<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values, _ dictionary: borrowing LeafDictionary<Values>, _ levels: ChunkLevels,
    _ verdict: EncodingChooser.Verdict
  ) throws(ParquetError) -> EncodedChunk {
    var writer = try PageWriter(settings, verdict, scratch)
    var facts = ChunkFacts(settings)
    let keys = dictionary.keys.count
    try writer.writeDictionary(count: keys) { dictionary.keys.encode(0..<keys, as: .plain, into: &$0) }
    let width = dictionary.indexWidth
    for page in planner(levels).pages({ $0.count * width / 8 }) {
      try writer.writeData(page, levels, encoding: .rleDictionary) {
        dictionary.encodeIndices(page.values, into: &$0)
      }
      facts.add(
        page, levels, bounds: dictionary.bounds(page.values) ?? values.bounds(page.values),
        byteArrayBytes: values.arrayByteCount(page.values))
    }
    return facts.finish(writer, verdict, bloomFilter(dictionary.keys))
  }

  /// A filter of some values, as small as it may be; none of a column without any value.
  private func bloomFilter<Values: LeafValues & ~Copyable>(
    _ values: borrowing Values
  ) -> BloomFilter? {
    guard let share = settings.bloomFilterFalsePositives, values.count > 0 else { return nil }
    var filter = BloomFilter(distinctValues: values.count, falsePositives: share)
    values.insert(into: &filter)
    filter.fold(keeping: share)
    return filter
  }

  private func planner(_ levels: ChunkLevels) -> PagePlanner {
    PagePlanner(levels: levels, rows: settings.options.pageRows, bytes: settings.options.pageBytes)
  }
}
