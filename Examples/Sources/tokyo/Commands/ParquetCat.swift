internal import ArgumentParser
internal import TokyoData
internal import TokyoDataParquet

/// Prints the rows of Parquet files, a JSON object each.
struct ParquetCat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat", abstract: "Print the rows of Parquet files, one JSON object a row.")

  @Argument(help: "The files, in this order.")
  var files: [String]
  @OptionGroup var output: OutputOptions

  func run() async throws {
    for path in files {
      do { try await print(ParquetFile(source: LocalParquetFile(path: path))) } catch {
        throw QueryCommand.tell(Failure(error).of(file: path.lastPathComponent), asJSON: output.json)
      }
    }
  }

  private func print(_ file: ParquetFile) async throws {
    var bytes: [UInt8] = []
    for try await batch in file.batches(rows: 4_096) {
      for row in 0..<batch.rowCount {
        let members = zip(batch.schema.fields, batch.columns).map { field, column in
          JSON.Member(name: field.name, value: column[row].json(as: field.type))
        }
        JSON.object(members).write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
      Console.write(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
  }
}

extension String {
  /// The last component of a path: files are named in errors, folders are not.
  var lastPathComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
