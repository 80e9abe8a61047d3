internal import TokyoDataCore

/// Finds the fields of a result file: everything is quoted but NULL, which is nothing at all.
struct CSVScanner {
  /// Where a field lies in the bytes that were scanned.
  struct Field: BitwiseCopyable {
    var start: UInt32
    private var length: UInt32

    /// The length of what is NULL.
    private static let null: UInt32 = .max
    /// Set where quotes are doubled within.
    private static let doubled: UInt32 = 1 << 31

    init(_ range: Range<Int>, hasDoubledQuotes: Bool) {
      start = UInt32(truncatingIfNeeded: range.lowerBound)
      length = UInt32(truncatingIfNeeded: range.count) | (hasDoubledQuotes ? Self.doubled : 0)
    }

    init(nullAt position: Int) {
      start = UInt32(truncatingIfNeeded: position)
      length = Self.null
    }

    var isNull: Bool { length == Self.null }
    var hasDoubledQuotes: Bool { length & Self.doubled != 0 }
    var range: Range<Int> { Int(start)..<Int(start) + (isNull ? 0 : Int(length & ~Self.doubled)) }
  }

  let columnCount: Int
  /// The fields of whole records, record by record.
  private(set) var fields: [Field] = []
  /// The line on which each of the records begins, counted from 1.
  private(set) var lines: [Int] = []
  private var line = 1

  init(columnCount: Int) { self.columnCount = columnCount }

  var recordCount: Int { lines.count }

  mutating func clear() {
    fields.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
  }

  /// Finds the fields of all whole records, up to a number of them.
  ///
  /// - Returns: how many bytes those records take.
  /// - Throws: `TokyoDataError.invalidData` for bytes that are no result file, with the line.
  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, upTo most: Int) throws(TokyoDataError) -> Int {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    var done = 0
    while lines.count < most {
      let before = fields.count
      var position = done
      var breaks = 1
      var isWhole = false
      record: while position < bytes.count {
        if bytes[position] == quote {
          let start = position + 1
          var hasDoubledQuotes = false
          position = start
          while true {
            while position < bytes.count, bytes[position] != quote {
              if bytes[position] == newline { breaks += 1 }
              position += 1
            }
            // What follows the quote decides what it is.
            guard position + 1 < bytes.count else { break record }
            guard bytes[position + 1] == quote else { break }
            hasDoubledQuotes = true
            position += 2
          }
          fields.append(Field(start..<position, hasDoubledQuotes: hasDoubledQuotes))
          position += 1
        } else {
          let start = position
          while position < bytes.count {
            let byte = bytes[position]
            if byte == comma || byte == newline || byte == carriageReturn { break }
            guard byte != quote else { throw invalid("has a quote within a value that has none around it") }
            position += 1
          }
          guard position < bytes.count else { break record }
          fields.append(
            start == position ? Field(nullAt: start) : Field(start..<position, hasDoubledQuotes: false))
        }
        if bytes[position] == comma {
          position += 1
          continue
        }
        if bytes[position] == carriageReturn {
          guard position + 1 < bytes.count else { break record }
          position += 1
        }
        guard bytes[position] == newline else { throw invalid("has something behind the end of a value") }
        position += 1
        isWhole = true
        break record
      }
      guard isWhole else {
        fields.removeSubrange(before...)
        break
      }
      guard fields.count - before == columnCount else {
        throw invalid("has \(fields.count - before) columns where there are \(columnCount)")
      }
      lines.append(line)
      line += breaks
      done = position
    }
    return done
  }

  /// An error about the record that is being scanned.
  func invalid(_ what: String) -> TokyoDataError { Self.invalid(line, what) }

  static func invalid(_ line: Int, _ what: String, column: String? = nil) -> TokyoDataError {
    TokyoDataError(
      .invalidData, "line \(line) of the result file \(what)",
      context: .init(store: "athena", operation: "query", column: column))
  }
}
