internal import TokyoDataCore

/// Turns the bytes of a result file into batches while they come in.
///
/// It holds the bytes of one piece and of one batch, and no text of any value: fields are found for all records of a
/// piece, then read column by column into the columns' builders.
struct CSVReader: ~Copyable {
  private let columns: ResultColumns
  private var scanner: CSVScanner
  private var builder: ColumnBatchBuilder
  /// What came in and is not read yet.
  private var rest: [UInt8] = []
  /// How much of it there must be before it is looked through again.
  private var due = CSVReader.blockBytes
  private var hasHeader = false

  /// The most rows of a batch, and the bytes at which it is full before.
  static let batchRows = 65_536
  static let batchBytes = 16 << 20
  /// What is read at once: enough that the columns' own work outweighs the rest.
  static let blockBytes = 512 << 10
  /// Athena's rows have 32 MB at most, which quotes may double.
  static let longestRecord = 80 << 20

  init(_ columns: ResultColumns) {
    self.columns = columns
    scanner = CSVScanner(columnCount: columns.columns.count)
    builder = ColumnBatchBuilder(columns.schema)
  }

  /// Takes in the next bytes of the file.
  ///
  /// - Returns: the batches that are full now.
  mutating func add(_ piece: [UInt8]) throws(TokyoDataError) -> [ColumnBatch] {
    rest += piece
    guard rest.count >= due else { return [] }
    let batches = try readRest()
    guard rest.count <= Self.longestRecord else {
      throw scanner.invalid("is longer than any row of Athena's")
    }
    // A record that is longer than what was there is not looked through again for every piece of it.
    due = max(Self.blockBytes, 2 * rest.count)
    return batches
  }

  /// The last rows, once all bytes were added.
  ///
  /// - Throws: `TokyoDataError.invalidData` where the file ends in the midst of a line, or without its header.
  mutating func finish() throws(TokyoDataError) -> [ColumnBatch] {
    var batches = try readRest()
    guard rest.isEmpty else { throw scanner.invalid("breaks off: the file is not whole") }
    guard hasHeader else { throw scanner.invalid("is not there: the file is empty") }
    if builder.rowCount > 0 { batches.append(try take()) }
    return batches
  }

  private mutating func readRest() throws(TokyoDataError) -> [ColumnBatch] {
    var batches: [ColumnBatch] = []
    let bytes = rest
    rest = []
    let done = try read(bytes, &batches)
    rest = Array(bytes[done...])
    return batches
  }

  private mutating func read(
    _ bytes: [UInt8], _ batches: inout [ColumnBatch]
  ) throws(TokyoDataError) -> Int {
    try bytes.withUnsafeBufferPointer { (buffer) throws(TokyoDataError) -> Int in
      var done = 0
      while true {
        scanner.clear()
        let part = UnsafeBufferPointer(rebasing: buffer[done...])
        let count = try scanner.scan(part, upTo: hasHeader ? Self.batchRows - builder.rowCount : 1)
        guard scanner.recordCount > 0 else { return done }
        done += count
        let records = UnsafeBufferPointer(rebasing: part[..<count])
        try checkText(records)
        guard hasHeader else {
          try readHeader(records)
          hasHeader = true
          continue
        }
        for column in columns.columns.indices { try readColumn(column, records) }
        if builder.rowCount >= Self.batchRows || builder.byteCount >= Self.batchBytes {
          batches.append(try take())
        }
      }
    }
  }

  /// All of the records is text: between fields there is ASCII alone, so that each of them is text then.
  private func checkText(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokyoDataError) {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    guard all >= 0x80 else { return }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw CSVScanner.invalid(scanner.lines.first ?? 0, "or one soon after it is not UTF-8")
    }
  }

  private func readHeader(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokyoDataError) {
    for (index, column) in columns.columns.enumerated() {
      let field = scanner.fields[index]
      let name = String(decoding: Self.unquoted(field, in: bytes), as: UTF8.self)
      guard !field.isNull, name == column.name else {
        throw CSVScanner.invalid(1, "has not the name of the column", column: column.field.name)
      }
    }
  }

  private mutating func readColumn(
    _ index: Int, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(TokyoDataError) {
    let column = columns.columns[index]
    let width = columns.columns.count
    var record = 0
    do throws(ColumnError) {
      while record < scanner.recordCount {
        let field = scanner.fields[record &* width &+ index]
        if field.isNull {
          guard column.field.isNullable else {
            throw ColumnError(.invalidBatch, "a null in a column that is not nullable")
          }
          builder[index].appendNull()
        } else if field.hasDoubledQuotes {
          try Self.unquoted(field, in: bytes).withUnsafeBufferPointer { (text) throws(ColumnError) in
            try column.append(CellText(bytes: text), to: &builder[index])
          }
        } else {
          let text = CellText(bytes: UnsafeBufferPointer(rebasing: bytes[field.range]))
          try column.append(text, to: &builder[index])
        }
        record &+= 1
      }
    } catch {
      throw CSVScanner.invalid(
        scanner.lines[record], "cannot be read: \(error.message)", column: column.field.name)
    }
  }

  /// A field's bytes without the second of two quotes.
  private static func unquoted(
    _ field: CSVScanner.Field, in bytes: UnsafeBufferPointer<UInt8>
  ) -> [UInt8] {
    guard field.hasDoubledQuotes else { return Array(bytes[field.range]) }
    var result: [UInt8] = []
    var isSecond = false
    for byte in bytes[field.range] {
      isSecond = byte == UInt8(ascii: "\"") && !isSecond
      if !isSecond || byte != UInt8(ascii: "\"") { result.append(byte) }
    }
    return result
  }

  private mutating func take() throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) { return try builder.finish() } catch {
      throw TokyoDataError(error, context: ResultColumns.context)
    }
  }
}
