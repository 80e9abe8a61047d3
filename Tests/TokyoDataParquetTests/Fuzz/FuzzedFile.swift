import TokyoDataColumns

@testable import TokyoDataParquet

/// Limits under which no input, however forged, may take more than some MiB.
let fuzzLimits: ParquetLimits = {
  var limits = ParquetLimits()
  limits.footerBytes = 1 << 20
  limits.pageBytes = 1 << 20
  limits.columnBytes = 1 << 20
  limits.expansion = 16
  return limits
}()

/// Reads all columns of a file, with its checksums unverified as no fuzzer finds the right ones.
///
/// Two numbers choose a filter: the comparison, and the column.
func readFuzzedFile(_ bytes: [UInt8], choosing choices: [Int] = []) async throws {
  var options = ParquetReaderOptions()
  options.verifiesChecksums = false
  options.limits = fuzzLimits
  let file = try await ParquetFile(source: ParquetBytes(bytes), options: options)
  var filter: ParquetFilter?
  if choices.count == 2, !file.schema.fields.isEmpty {
    let field = file.schema.fields[choices[1] % file.schema.count]
    let comparisons = ParquetFilter.Comparison.allCases
    let value = field.type.isNested ? .null : TestColumns.value(field.type, choices[0] / 7)
    filter =
      choices[0] % 7 == 6
      ? .isNotNull(field.name) : .compare(field.name, comparisons[choices[0] % comparisons.count], value)
  }
  // A footer may state billions of rows that a few bytes bear out; a part of them tells as much.
  var rows = 0
  for try await batch in file.batches(rows: 1_000, where: filter) {
    rows += batch.rowCount
    guard rows < 20_000 else { break }
  }
}

/// Small files of every type and codec, flat and nested, with page indexes and bloom filters.
func fuzzedFileSeeds() async throws -> [[UInt8]] {
  let nested: [ColumnType] = [
    .list(of: .int32), .map(.string, to: .int64),
    .structure([ColumnField("a", .int16), ColumnField("b", .list(of: .string), isNullable: false)]),
  ]
  var files: [[UInt8]] = []
  for codec in [ParquetCodec.uncompressed, .snappy, .gzip, .zstd] {
    for type in TestColumns.types + nested {
      var options = ParquetWriterOptions()
      options.codec = codec
      options.profile = .unrestricted
      options.pageVersion = files.count % 2 + 1
      options.pageRows = 16
      options.rowGroupRows = 30
      if type != .bool, !type.isNested {
        var column = ParquetColumnOptions()
        column.bloomFilterFalsePositives = 0.1
        options.columns["c"] = column
      }
      files.append(try await written([TestColumns.batch(type, 40, .some)], options: options).bytes)
    }
  }
  return files
}

/// A file of one column with the pages given, to bring bytes to the decoders as the reader does.
struct FuzzedFile {
  var type: ParquetPhysicalType
  var typeLength: Int32?
  var isOptional = false
  var pages: [(header: PageHeader, body: UnsafeRawBufferPointer)] = []

  /// Adds a dictionary of plain values.
  mutating func addDictionary(count: Int, _ body: UnsafeRawBufferPointer) {
    var header = PageHeader(
      type: .dictionary, uncompressedBytes: body.count, compressedBytes: body.count)
    header.dictionaryCount = count
    pages.append((header, body))
  }

  /// Adds a data page, whose levels, if any, stand in its body.
  mutating func addData(
    _ encoding: ParquetEncoding, count: Int, levels: PageHeader.VersionTwo? = nil,
    _ body: UnsafeRawBufferPointer
  ) {
    let header = PageHeader(
      type: levels == nil ? .data : .dataV2, uncompressedBytes: body.count, compressedBytes: body.count,
      data: .init(valueCount: count, encoding: encoding, versionTwo: levels))
    pages.append((header, body))
  }

  /// The file's bytes.
  var bytes: [UInt8] {
    var bytes = ParquetMagic.bytes
    var dictionaryOffset: Int?
    var dataOffset: Int?
    var count = 0
    for (header, body) in pages {
      if header.type == .dictionary {
        dictionaryOffset = bytes.count
      } else {
        dataOffset = dataOffset ?? bytes.count
        count += header.data?.valueCount ?? 0
      }
      bytes += header.encoded()
      bytes += body
    }
    let size = bytes.count - ParquetMagic.count
    var chunk = ParquetColumnChunk(
      physicalType: type, codec: .uncompressed, valueCount: count, uncompressedBytes: size,
      encodedBytes: size, dataPageOffset: dataOffset ?? ParquetMagic.count)
    chunk.path = ["c"]
    chunk.dictionaryPageOffset = dictionaryOffset
    var (root, leaf) = (ParquetSchemaElement(name: "schema"), ParquetSchemaElement(name: "c"))
    root.childCount = 1
    leaf.physicalType = type
    leaf.typeLength = typeLength
    leaf.repetition = isOptional ? .optional : .required
    let footer = ParquetFileMetadata(
      version: 1, schema: [root, leaf], rowCount: count,
      rowGroups: [
        ParquetRowGroup(rowCount: count, columns: [chunk], uncompressedBytes: size, sortingColumns: [])
      ],
      keyValueMetadata: []
    ).encoded()
    return bytes + footer + (0..<4).map { UInt8(truncatingIfNeeded: footer.count >> ($0 * 8)) }
      + ParquetMagic.bytes
  }
}
