internal import TokyoDataColumns

extension ParquetWriterOptions {
  /// Refuses options that are impossible, or that the profile does not allow.
  func validate(_ leaves: [LeafColumn]) throws(ParquetError) {
    let bounds = [
      ("rowGroupBytes", rowGroupBytes, 1...Int.max), ("rowGroupRows", rowGroupRows, 1...Int(Int32.max)),
      ("bufferBytes", bufferBytes, 1...4 << 30), ("footerBytes", footerBytes, 1...Int(Int32.max)),
      ("fileBytes", fileBytes, 1...Int.max), ("pageBytes", pageBytes, 1...1 << 28),
      ("pageRows", pageRows, 1...Int(Int32.max)), ("pageVersion", pageVersion, 1...2),
      ("dictionaryBytes", dictionaryBytes, 0...1 << 28), ("statisticsBytes", statisticsBytes, 1...4096),
      ("parallelism", parallelism, 1...1024),
    ]
    for (name, value, range) in bounds where !range.contains(value) {
      throw ParquetError(
        .invalidArgument, "\(name) is \(value), but must be \(range.lowerBound) to \(range.upperBound)")
    }
    for sorting in sortingColumns where !leaves.indices.contains(sorting.columnIndex) {
      throw ParquetError(
        .invalidArgument, "the sorting column \(sorting.columnIndex) does not exist among \(leaves.count)")
    }
    let names = Set(leaves.map(\.name))
    for name in columns.keys.sorted() where !names.contains(name) {
      throw ParquetError(.unknownColumn, "options for a column that the schema does not have", column: name)
    }
    if let codec { try PageCompression.requireSupported(codec) }
    try PageCompression.requireLevel(compressionLevel, codec ?? .snappy)
    for leaf in leaves {
      guard let options = columns[leaf.name] else { continue }
      do throws(ParquetError) { try options.validate(for: leaf) } catch { throw error.at(column: leaf.name) }
    }
    if profile == .athena { try validateForAthena(leaves) }
  }

  private func validateForAthena(_ leaves: [LeafColumn]) throws(ParquetError) {
    guard pageVersion == 1 else {
      throw ParquetError(.outsideProfile, "data pages of version 2 fail in older readers of the same tables")
    }
    var taken: [[String]: String] = [:]
    for leaf in leaves {
      switch leaf.element.logicalType {
      case .time:
        throw ParquetError(
          .outsideProfile, "Athena has no type for times of day; write microseconds as int64, or text",
          column: leaf.name)
      case .uuid:
        throw ParquetError(
          .outsideProfile, "Athena has no type for UUIDs; write their text, without the label",
          column: leaf.name)
      default: break
      }
      // Names are folded to lower case, and two that are then equal hide each other.
      for depth in leaf.path.indices {
        let path = Array(leaf.path[...depth])
        guard (1...255).contains(path[depth].utf8.count) else {
          throw ParquetError(.outsideProfile, "names have 1 to 255 bytes", column: leaf.name)
        }
        let folded = path.map { $0.lowercased() }
        if let other = taken.updateValue(path.joined(separator: "."), forKey: folded),
          other != path.joined(separator: ".")
        {
          throw ParquetError(
            .outsideProfile, "its name differs from that of \(other) in case only", column: leaf.name)
        }
      }
    }
  }
}

extension ParquetColumnOptions {
  fileprivate func validate(for leaf: LeafColumn) throws(ParquetError) {
    if let codec { try PageCompression.requireSupported(codec) }
    if let label {
      let isText =
        label == .uuid
        ? leaf.element.logicalType == .uuid : leaf.element.convertedType == label.convertedType
      guard isText else {
        throw ParquetError(.invalidArgument, "the label \(label) is for columns of texts")
      }
    }
    if let encoding, !encoding.isWritten(for: leaf.element.physicalType) {
      throw ParquetError(
        .invalidArgument, "the encoding \(encoding) is not one for values of this physical type")
    }
    if let share = bloomFilterFalsePositives {
      guard share > 0, share < 1 else {
        throw ParquetError(.invalidArgument, "bloomFilterFalsePositives is a share between 0 and 1")
      }
      guard leaf.element.physicalType != .boolean else {
        throw ParquetError(.invalidArgument, "a bloom filter of booleans tells nothing")
      }
    }
  }
}

extension ParquetLabel {
  fileprivate var convertedType: ParquetConvertedType? {
    switch self {
    case .json: .json
    case .enumeration: .enumeration
    default: nil
    }
  }
}

extension ParquetEncoding {
  /// The writer encodes values of the physical type so; all of these are also what Trino decodes.
  func isWritten(for type: ParquetPhysicalType?) -> Bool {
    guard let type else { return false }
    return Self.written(for: type).contains(self)
  }

  /// The encodings for a physical type, from the one that is preferred among equals on.
  static func written(for type: ParquetPhysicalType) -> [ParquetEncoding] {
    switch type {
    case .boolean: [.plain, .rle]
    case .int32, .int64: [.rleDictionary, .plain, .deltaBinaryPacked]
    case .float, .double: [.rleDictionary, .plain, .byteStreamSplit]
    // Lengths apart are no larger than lengths between, and codecs are faster for it.
    case .byteArray: [.rleDictionary, .deltaLengthByteArray, .plain, .deltaByteArray]
    case .fixedLengthByteArray: [.rleDictionary, .plain, .deltaByteArray]
    case .int96: []
    }
  }
}
