internal import TokyoDataColumns

/// What the encoding of one leaf column needs to know.
struct ChunkSettings: Sendable {
  let leaf: LeafColumn
  /// The type of the leaf's values.
  let type: ColumnType
  let options: ParquetWriterOptions

  private var own: ParquetColumnOptions? { options.columns[leaf.name] }

  var element: ParquetSchemaElement { leaf.element }
  var codec: ParquetCodec { own?.codec ?? options.codec ?? .snappy }
  /// The codec was named, so that it compresses every chunk.
  var isCodecNamed: Bool { own?.codec ?? options.codec != nil }
  /// The file's level is for the file's codec.
  var compressionLevel: Int? { codec == options.codec ? options.compressionLevel : nil }
  var pageVersion: Int { options.pageVersion }
  var encoding: ParquetEncoding? { own?.encoding }
  var bloomFilterFalsePositives: Double? { own?.bloomFilterFalsePositives }
  var isText: Bool { type == .string && element.physicalType == .byteArray }

  /// The encodings that come into question, the preferred ones first.
  ///
  /// Not all that can be asked for: polars does not decode DELTA_BYTE_ARRAY for values of fixed length.
  var candidates: [ParquetEncoding] {
    guard let type = element.physicalType else { return [.plain] }
    let encodings = ParquetEncoding.written(for: type)
    return type == .fixedLengthByteArray ? encodings.filter { $0 != .deltaByteArray } : encodings
  }

  /// The bytes of distinct values up to which a dictionary is tried.
  var dictionaryLimit: Int {
    switch encoding {
    case nil: options.dictionaryBytes
    case .rleDictionary?: max(options.dictionaryBytes, 1 << 28)
    default: 0
    }
  }
}
