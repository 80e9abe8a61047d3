internal import ArgumentParser
internal import TokyoData
internal import TokyoDataParquet

/// Decodes a Parquet file and encodes its rows again, batch by batch.
struct ParquetRewrite: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "rewrite", abstract: "Decode a Parquet file and encode its rows again into another.",
    discussion: """
      OUT appears, or replaces the file of its name, once it is whole; where the work fails it stays as it was.
      """)

  @Argument(help: "The file to read.")
  var input: String
  @Argument(help: "The file to write; another than IN.")
  var out: String
  @Option(help: "How pages are compressed; by Snappy where that is of use unless given.")
  var codec: CodecArgument?
  @Option(help: "The columns to keep, in this order, as a,b; all unless given.")
  var columns: NameList?
  @Option(help: "How many columns are decoded, or encoded, at once.")
  var threads = 1
  @Flag(help: "Print one line of JSON: seconds, rows, bytes and peak memory.")
  var timings = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard threads > 0 else { throw ValidationError("--threads must be at least 1.") }
  }

  func report() async throws -> Report {
    let target = try ReplacedFile(out, unlike: input)
    do {
      let rewrite = try await rewritten(into: target)
      try target.keep()
      return timings ? rewrite.timed : rewrite.plain
    } catch {
      target.discard()
      throw error
    }
  }

  private func rewritten(into target: ReplacedFile) async throws -> Rewrite {
    var rewrite = Rewrite()
    let clock = ContinuousClock()
    let (file, batches): (ParquetFile, ParquetBatches)
    do {
      let started = clock.now
      let source = try LocalParquetFile(path: input)
      var options = ParquetReaderOptions()
      options.parallelism = threads
      file = try await ParquetFile(source: source, options: options)
      batches = file.batches(columns: columns?.names)
      rewrite.inputBytes = source.byteCount
      rewrite.reading += clock.now - started
    } catch { throw failure(error, reading: input) }

    let schema = try schema(of: file)
    var writer = try ParquetWriter(
      schema: schema, options: try options(for: file, schema), metadata: metadata(of: file),
      sink: try sink(target))
    var rows = batches.makeAsyncIterator()
    while true {
      let asked = clock.now
      let batch: ColumnBatch?
      do { batch = try await rows.next() } catch { throw failure(error, reading: input) }
      let got = clock.now
      rewrite.reading += got - asked
      guard let batch else { break }
      do { try await writer.write(batch) } catch { throw failure(error, reading: out) }
      rewrite.writing += clock.now - got
    }
    let ending = clock.now
    do {
      let summary = try await writer.finish().summary
      (rewrite.rows, rewrite.outputBytes) = (summary.rowCount, summary.byteCount)
    } catch { throw failure(error, reading: out) }
    rewrite.writing += clock.now - ending
    return rewrite
  }

  private func failure(_ error: any Error, reading path: String) -> FailureError {
    FailureError(failure: Failure(error).of(file: path.lastPathComponent))
  }

  private func sink(_ target: ReplacedFile) throws -> LocalParquetSink {
    do { return try LocalParquetSink(path: target.draft) } catch { throw failure(error, reading: out) }
  }

  /// The chosen columns; those that cannot be read are not left out in silence.
  private func schema(of file: ParquetFile) throws -> ColumnSchema {
    do {
      for name in columns?.names ?? file.unsupportedColumns {
        if file.unsupportedColumns.contains(name) {
          throw ParquetError(.unsupported, "columns of this type cannot be read", column: name)
        }
        guard file.schema.index(of: name) != nil else {
          throw ParquetError(.unknownColumn, "no such column", column: name)
        }
      }
      return try columns.map { try file.schema.selecting($0.names) } ?? file.schema
    } catch let error as ColumnError {
      throw failure(ParquetError(.invalidArgument, error.message, column: error.column), reading: input)
    } catch { throw failure(error, reading: input) }
  }

  /// The default options, or those without a profile for a file that Athena could not read before either.
  private func options(for file: ParquetFile, _ schema: ColumnSchema) throws -> ParquetWriterOptions {
    var options = ParquetWriterOptions()
    options.parallelism = threads
    options.codec = codec?.codec
    for (name, label) in file.metadata.labels where schema.index(of: name) != nil {
      var column = ParquetColumnOptions()
      column.label = label
      options.columns[name] = column
    }
    do throws(ParquetError) {
      _ = try ParquetWriter(schema: schema, options: options, sink: ParquetBytes())
    } catch {
      guard error.code == .outsideProfile else { throw failure(error, reading: out) }
      Console.note("written without Athena's profile: \(error.message)")
      options.profile = .unrestricted
    }
    return options
  }

  /// The footer's names and values, but for what describes the columns as they lay in the other file.
  private func metadata(of file: ParquetFile) -> [String: String] {
    columns == nil ? file.keyValueMetadata.filter { $0.key != "ARROW:schema" } : [:]
  }
}

extension ParquetFileMetadata {
  /// What the texts of the file's columns mean; texts within other columns keep being texts only.
  fileprivate var labels: [(name: String, label: ParquetLabel)] {
    var labels: [(String, ParquetLabel)] = []
    // The elements below the root that are open; a column of its own stands below the root alone.
    var depth: [Int32] = []
    for element in schema.dropFirst() {
      if depth.isEmpty, element.physicalType != nil, let label = element.label {
        labels.append((element.name, label))
      }
      if let children = element.childCount, children > 0 {
        depth.append(children)
        continue
      }
      while let left = depth.popLast() {
        guard left <= 1 else {
          depth.append(left - 1)
          break
        }
      }
    }
    return labels
  }
}

extension ParquetSchemaElement {
  fileprivate var label: ParquetLabel? {
    // Of the older annotation, 19 is JSON and 4 is ENUM.
    switch (logicalType, convertedType?.rawValue) {
    case (.json, _), (nil, 19): .json
    case (.enumeration, _), (nil, 4): .enumeration
    case (.uuid, _): .uuid
    default: nil
    }
  }
}

/// What a rewrite took.
private struct Rewrite {
  var reading = Duration.zero
  var writing = Duration.zero
  var rows = 0
  var inputBytes = 0
  var outputBytes = 0

  var plain: Report {
    Report(
      json: [
        "rows": .integer(rows), "inputBytes": .integer(inputBytes), "outputBytes": .integer(outputBytes),
      ],
      text: "\(rows) rows, \(inputBytes) bytes rewritten as \(outputBytes)")
  }

  var timed: Report {
    let json: JSON = [
      "read_seconds": .number(seconds(reading)), "write_seconds": .number(seconds(writing)),
      "rows": .integer(rows), "input_bytes": .integer(inputBytes), "output_bytes": .integer(outputBytes),
      "peak_rss_bytes": .integer(peakMemory()),
    ]
    var line: [UInt8] = []
    json.write(to: &line)
    return Report(json: json, text: String(decoding: line, as: UTF8.self))
  }

  /// Seconds with six digits behind the point.
  private func seconds(_ duration: Duration) -> String {
    let microseconds = duration / .microseconds(1)
    let whole = Int(microseconds)
    let digits = String(1_000_000 + whole % 1_000_000).dropFirst()
    return "\(whole / 1_000_000).\(digits)"
  }
}

extension CodecArgument {
  fileprivate var codec: ParquetCodec {
    switch self {
    case .snappy: .snappy
    case .zstd: .zstd
    case .gzip: .gzip
    case .none: .uncompressed
    }
  }
}
