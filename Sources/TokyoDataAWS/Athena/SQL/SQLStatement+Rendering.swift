internal import TokyoDataCore

extension SQLStatement {
  /// Where the values of a statement go.
  enum Form {
    /// Sent beside the text; those too long for that stand in it as literals.
    case query
    /// For a text that is kept and run with other values again: all of them stay outside.
    case prepared
  }

  /// The text with a question mark for each value, and the values.
  ///
  /// - Parameter subselect: What stands for a dataset.
  /// - Throws: `TokyoDataError.invalidArgument` for a question mark that is no value, quotes or comments that do
  ///   not end or have a value within, and a text that is too long; `.unsupported` for nested values. Errors
  ///   show neither the text nor the values.
  func rendered(
    as form: Form = .query, _ subselect: (SQLSource) throws(TokyoDataError) -> String
  ) throws(TokyoDataError) -> AthenaStatement {
    var statement = AthenaStatement(sql: "")
    var scanner = SQLScanner()
    for segment in withoutEnd {
      switch segment {
      case .sql(let text):
        try scanner.read(text)
        statement.sql += text
      case .source(let source):
        try scanner.insert("a dataset")
        statement.sql += try subselect(source)
      case .value(let value):
        try scanner.insert("a value")
        let literal = try AthenaSQL.literal(value)
        guard literal.unicodeScalars.count > AthenaLimit.parameterLength.most else {
          statement.sql += "?"
          statement.parameters.append(literal)
          continue
        }
        guard form == .query else {
          throw TokyoDataError(
            .invalidArgument,
            "a value of a prepared statement has \(AthenaLimit.parameterLength.most) characters at most")
        }
        statement.sql += literal
      }
    }
    try scanner.finish()
    // What is put behind the text must not fall into its last comment.
    if scanner.isInLineComment { statement.sql += "\n" }
    try AthenaLimit.queryBytes.check(statement.sql.utf8.count, "bytes in a query")
    return statement
  }

  /// The segments without white space and semicolons at the end, behind which nothing could be put.
  private var withoutEnd: [Segment] {
    guard case .sql(let text)? = segments.last else { return segments }
    let ends: Set<Unicode.Scalar> = [" ", "\n", "\r", "\t", ";"]
    var scalars = text.unicodeScalars[...]
    while let last = scalars.last, ends.contains(last) { scalars.removeLast() }
    return segments.dropLast() + [.sql(String(scalars))]
  }
}

extension AthenaStatement {
  /// Runs a statement that a workgroup keeps under a name, with values for its question marks.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a name that no prepared statement can have.
  static func executing(
    _ name: String, with values: [ColumnValue]
  ) throws(TokyoDataError) -> AthenaStatement {
    let letters = name.utf8.allSatisfy {
      (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 95
    }
    guard letters, (1...256).contains(name.utf8.count), !(48...57).contains(name.utf8.first ?? 48) else {
      throw TokyoDataError(
        .invalidArgument, "a prepared statement is named by letters, digits and _, no digit first")
    }
    var literals: [String] = []
    for value in values { literals.append(try AthenaSQL.literal(value)) }
    return AthenaStatement(
      sql: "EXECUTE \(name)" + (literals.isEmpty ? "" : " USING \(literals.joined(separator: ", "))"))
  }
}
