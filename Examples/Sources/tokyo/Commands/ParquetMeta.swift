internal import ArgumentParser
internal import TokyoData
internal import TokyoDataParquet

/// Prints what the footers of Parquet files say.
struct ParquetMeta: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "meta", abstract: "Print what the footers of Parquet files say, as one JSON document.")

  @Argument(help: "The files, in this order.")
  var files: [String]
  @OptionGroup var output: OutputOptions

  func report() async throws -> Report {
    var described: [JSON] = []
    for path in files {
      do {
        described.append(json(of: try await ParquetFile(source: LocalParquetFile(path: path)), path))
      } catch {
        throw FailureError(failure: Failure(error).of(file: path.lastPathComponent))
      }
    }
    let document: JSON = ["files": .array(described)]
    var bytes: [UInt8] = []
    document.write(to: &bytes)
    return Report(json: document, text: String(decoding: bytes, as: UTF8.self))
  }

  private func json(of file: ParquetFile, _ path: String) -> JSON {
    [
      "file": .string(path), "formatVersion": .integer(Int(file.metadata.version)),
      "createdBy": .optional(file.metadata.createdBy), "rows": .integer(file.rowCount),
      "columns": .array(file.schema.fields.map(\.json)),
      "unreadableColumns": .array(file.unsupportedColumns.map(JSON.string)),
      "metadata": .object(
        file.metadata.keyValueMetadata.map { .init(name: $0.key, value: .optional($0.value)) }),
      "rowGroups": .array(file.rowGroups.map(json(of:))),
    ]
  }

  private func json(of group: ParquetRowGroup) -> JSON {
    [
      "rows": .integer(group.rowCount), "encodedBytes": .integer(group.encodedBytes),
      "uncompressedBytes": .integer(group.uncompressedBytes),
      "columns": .array(group.columns.map(json(of:))),
    ]
  }

  private func json(of chunk: ParquetColumnChunk) -> JSON {
    let statistics = chunk.statistics
    return [
      "name": .string(chunk.path.joined(separator: ".")),
      "physicalType": .string(chunk.physicalType.description),
      "codec": .string(chunk.codec.description),
      "encodings": .array(chunk.encodings.map { .string($0.description) }),
      "values": .integer(chunk.valueCount), "encodedBytes": .integer(chunk.encodedBytes),
      "uncompressedBytes": .integer(chunk.uncompressedBytes),
      "nulls": statistics.nullCount.map(JSON.integer) ?? .null,
      "minimum": statistics.minimum?.json ?? .null, "maximum": statistics.maximum?.json ?? .null,
    ]
  }
}
