internal import TokyoDataCore

/// Rows on their way into a statement as a table of their own: `unnest` of one array for each column.
///
/// The statement's text and its number of parameters do not grow with the rows, and the server plans it in no
/// time, which it does not with a long VALUES.
struct SourceRows {
  /// The rows' columns in the statement are called `tokyo_0`, `tokyo_1`, …, and their place, from 1, this.
  static let place: PostgresStatement = "tokyo_place"

  private var columns: [(type: String, values: [ColumnValue])] = []

  /// How many rows go into one statement: it bounds what is in memory a second time, as text.
  static let rowsPerStatement = 1_000

  static func name(_ column: Int) -> PostgresStatement { "\(unescaped: "tokyo_\(column)")" }

  /// Adds a column; the type is one of the server's in SQL, without modifier: the cast must not cut or round
  /// what the table's column itself would refuse.
  mutating func add(_ type: String, _ values: [ColumnValue]) { columns.append((type, values)) }

  /// The rows as an item of FROM.
  ///
  /// - Throws: `PostgresError.unsupportedType` for a nested value.
  func from(_ alias: PostgresStatement) throws(PostgresError) -> PostgresStatement {
    let names = columns.indices.map(Self.name) + [Self.place]
    let texts = columns.map { column in column.values.map(ArrayText.element) }
    let columnList = PostgresStatement.joining(names, separator: ", ")
    if zip(columns, texts).allSatisfy({ !$0.type.hasSuffix("[]") && !$1.contains(nil) }) {
      let arrays = zip(columns, texts).map { column, texts -> PostgresStatement in
        let array: String = "{" + texts.compactMap { $0 }.joined(separator: ",") + "}"
        return "\(array)::\(unescaped: column.type)[]"
      }
      return "unnest(\(.joining(arrays, separator: ", "))) WITH ORDINALITY AS \(alias)(\(columnList))"
    }
    return "(VALUES \(.joining(tuples, separator: ", "))) AS \(alias)(\(columnList))"
  }

  /// For what has no text that an array could hold: dates far from our time, arrays of arrays.
  private var tuples: [PostgresStatement] {
    (columns.first?.values.indices ?? 0..<0).map { row in
      var values = columns.map { column -> PostgresStatement in
        "(\(column.values[row]))::\(unescaped: column.type)"
      }
      values.append("\(unescaped: "\(row + 1)")::int8")
      return "(\(.joining(values, separator: ", ")))"
    }
  }

  /// How many rows of so many columns one statement takes even where every value is a parameter.
  static func limit(columns: Int) -> Int { max(1, min(rowsPerStatement, 60_000 / max(1, columns))) }
}

/// Values as elements of an array's text.
enum ArrayText {
  /// Nil for a value whose text the server might not read as what it is.
  static func element(_ value: ColumnValue) -> String? {
    switch value {
    case .null: "NULL"
    case .bool(let value): value ? "t" : "f"
    case .int(let value): String(value)
    case .float(let value): String(value)
    case .double(let value): String(value)
    case .decimal(let value): "\(value)"
    case .string(let value): quoted(value)
    case .bytes(let value): "\"\\\\x\(HexadecimalText.text(value))\""
    case .date(let day): isWritten(day) ? "\"\(day)\"" : nil
    case .timestamp(let time): isWritten(time.day) ? "\"\(time)\"" : nil
    case .localTimestamp(let time):
      isWritten(Timestamp(microsecondsSince1970: time.microsecondsSince1970).day) ? "\"\(time)\"" : nil
    case .time(let time): "\"\(time)\""
    case .list, .structure, .map: nil
    }
  }

  /// Days of the years 1 to 9999, which both sides write alike.
  private static func isWritten(_ day: Day) -> Bool { (-719_162...2_932_896).contains(day.daysSince1970) }

  private static func quoted(_ text: String) -> String {
    var result = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result.append("\\") }
      result.append(scalar)
    }
    result.append("\"")
    return String(result)
  }
}
