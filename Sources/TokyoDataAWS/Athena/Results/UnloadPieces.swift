internal import Foundation
internal import TokyoDataCore
internal import TokyoDataLake
internal import TokyoDataParquet

/// Some row groups of a file that a query wrote.
struct UnloadPiece: Sendable {
  let file: StoredObject
  /// The file, whose source may have the bytes of these row groups only.
  let parquet: ParquetFile
  let rowGroups: Range<Int>

  /// The columns of the file.
  var schema: ColumnSchema { parquet.schema }
}

/// What is left of the files that a query wrote, fetched piece by piece.
///
/// Who writes such files cuts row groups of any size. A piece is as many of them as are worth a request, so that many
/// small ones, and small files, take few requests, and little of large ones is held.
struct UnloadPieces: Sendable {
  /// A piece, and what is left behind it.
  typealias Fetched = (piece: UnloadPiece, rest: UnloadPieces)

  private struct Begun {
    let file: StoredObject
    let parquet: ParquetFile
    /// The first row group that is still to come.
    var next = 0
  }

  private let store: S3ObjectStore
  private let mostBytes: Int
  private var files: ArraySlice<StoredObject>
  private var begun: Begun?

  /// - Parameter mostBytes: What is fetched at once; a row group that is larger is left to the reader, which fetches
  ///   some of its columns at a time.
  init(of files: [StoredObject], in store: S3ObjectStore, mostBytes: Int = 16 << 20) {
    self.files = files[...]
    self.store = store
    self.mostBytes = mostBytes
  }

  /// Fetches the next piece.
  ///
  /// - Returns: nil after the last.
  /// - Throws: `TokyoDataError`, naming the file where it is no Parquet file.
  func next() async throws -> Fetched? {
    var rest = self
    while true {
      if var begun = rest.begun, begun.next < begun.parquet.rowGroups.count {
        let (groups, span) = groups(of: begun.parquet, from: begun.next)
        begun.next = groups.upperBound
        rest.begun = begun
        return (try await fetch(groups, span, of: begun.parquet, begun.file), rest)
      }
      guard let file = rest.files.popFirst() else { return nil }
      rest.begun = Begun(file: file, parquet: try await open(file))
    }
  }

  /// Reads a file's footer; a small file comes whole with it.
  private func open(_ file: StoredObject) async throws -> ParquetFile {
    var options = ParquetReaderOptions()
    options.batchRows = CSVReader.batchRows
    // Rows come faster than one core decodes them; more than a few would be taken from others.
    options.parallelism = min(4, ProcessInfo.processInfo.activeProcessorCount)
    let isSmall = file.size <= mostBytes
    let bytes = isSmall ? try await store.get(file.key, range: 0..<file.size) : []
    return try await file.naming {
      guard !isSmall else { return try await ParquetFile(source: ParquetBytes(bytes), options: options) }
      let source = LakeFileSource(
        objects: store, key: file.key, byteCount: file.size, counter: ReadCounter())
      return try await ParquetFile(source: source, options: options)
    }
  }

  private func fetch(
    _ groups: Range<Int>, _ span: Range<Int>, of parquet: ParquetFile, _ file: StoredObject
  ) async throws -> UnloadPiece {
    var parquet = parquet
    if file.size > mostBytes, !span.isEmpty, span.count <= mostBytes {
      let bytes = try await store.get(file.key, range: span)
      parquet = parquet.reading(
        from: FilePart(bytes: bytes, start: span.lowerBound, byteCount: file.size))
    }
    return UnloadPiece(file: file, parquet: parquet, rowGroups: groups)
  }

  /// As many row groups as a piece may have, one at least, and where they lie in their file.
  private func groups(of parquet: ParquetFile, from first: Int) -> (Range<Int>, span: Range<Int>) {
    var span = parquet.rowGroups[first].span
    var end = first + 1
    while end < parquet.rowGroups.count {
      let wider = span.joined(parquet.rowGroups[end].span)
      guard wider.count <= mostBytes else { break }
      span = wider
      end += 1
    }
    return (first..<end, span)
  }
}

extension ParquetRowGroup {
  /// Where its pages lie in the file, with whatever lies between them; empty where it has none.
  fileprivate var span: Range<Int> { columns.reduce(0..<0) { $0.joined($1.byteRange) } }
}

extension Range<Int> {
  /// The least range that holds both.
  fileprivate func joined(_ other: Range<Int>) -> Range<Int> {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}

/// Some of a file's bytes, as Parquet's reader sees them.
private struct FilePart: ParquetSource {
  let bytes: [UInt8]
  /// Where they begin in the file.
  let start: Int
  let byteCount: Int

  func read(_ range: Range<Int>) throws(ParquetError) -> [UInt8] {
    guard range.lowerBound >= start, range.upperBound <= start + bytes.count else {
      throw ParquetError(.corrupted, "bytes outside of the row groups", offset: range.lowerBound)
    }
    return Array(bytes[range.lowerBound - start..<range.upperBound - start])
  }
}
