internal import TokyoDataCore

/// A statement as one that writes its rows to S3 as Parquet.
enum UnloadStatement {
  /// The folder below the results' place in which each query has a folder of its own.
  static let folder = "tokyo-unload"

  /// The statement that writes what another selects into an empty folder.
  static func wrapping(_ statement: AthenaStatement, to location: S3Location) -> AthenaStatement {
    // On lines of their own: the statement may end with a comment.
    AthenaStatement(
      sql: "UNLOAD (\n\(trimmed(statement.sql))\n) TO \(location.text.quoted(with: "'")) "
        + "WITH (format = 'PARQUET', compression = 'SNAPPY')",
      parameters: statement.parameters)
  }

  /// The statement that has the columns of another and one row without values, whatever the other has.
  static func columns(of statement: AthenaStatement) -> AthenaStatement {
    AthenaStatement(
      sql:
        "SELECT answer.* FROM (VALUES 1) AS one (x) LEFT JOIN (SELECT * FROM (\n\(trimmed(statement.sql))\n) "
        + "LIMIT 0) AS answer ON true", parameters: statement.parameters)
  }

  /// The results' place that a query's folder was made in.
  static func place(of folder: S3Location) -> S3Location {
    guard let start = folder.key.ranges(of: "\(self.folder)/").last?.lowerBound else { return folder }
    return S3Location(bucket: folder.bucket, key: String(folder.key[..<start]))
  }

  /// What the statement of `wrapping` selects and where it writes; nil for any other statement.
  static func parse(_ sql: String) -> (statement: String, location: S3Location)? {
    let (start, end) = ("UNLOAD (\n", "\n) TO '")
    guard sql.hasPrefix(start), let to = sql.ranges(of: end).last else { return nil }
    let rest = sql[to.upperBound...]
    guard let close = rest.range(of: "/' WITH (format = 'PARQUET'"),
      let location = try? S3Location(rest[..<close.lowerBound].replacing("''", with: "'") + "/"),
      location.key.contains("\(folder)/")
    else { return nil }
    return (String(sql[sql.index(sql.startIndex, offsetBy: start.count)..<to.lowerBound]), location)
  }

  /// The statement selects rows, so that it can be written to S3.
  static func canWrap(_ sql: String) -> Bool {
    let word = firstWord(sql)
    return ["select", "with", "values", "table"].contains(word)
      || sql.drop(while: \.isWhitespace).first == "("
  }

  /// The statement may ask for an order, which is lost where its rows are written to several files.
  static func mayOrder(_ sql: String) -> Bool {
    let words = sql.lowercased().split { !$0.isLetter && $0 != "_" }
    return zip(words, words.dropFirst()).contains { $0 == "order" && $1 == "by" }
  }

  /// The first word, behind comments.
  private static func firstWord(_ sql: String) -> String {
    var rest = sql[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        guard let end = rest.ranges(of: "*/").first else { return "" }
        rest = rest[end.upperBound...]
      } else {
        return rest.prefix { $0.isLetter }.lowercased()
      }
    }
  }

  private static func trimmed(_ sql: String) -> String {
    var text = sql[...]
    while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
    return String(text)
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
