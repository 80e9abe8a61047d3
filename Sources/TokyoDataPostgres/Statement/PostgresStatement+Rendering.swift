internal import TokyoDataCore

extension PostgresStatement {
  /// The text with `$1`, `$2`, … and the values that stand for them.
  ///
  /// - Throws: `PostgresError.invalidStatement` for a NUL in the text, `.valueNotRepresentable` for a value
  ///   that PostgreSQL cannot hold.
  func rendered() throws(PostgresError) -> (sql: String, parameters: [EncodedParameter]) {
    var sql = ""
    var parameters: [EncodedParameter] = []
    for segment in segments {
      switch segment {
      case .sql(let text): sql += text
      case .bind(let bind):
        do throws(PostgresError) { parameters.append(try bind.encoded()) } catch {
          throw PostgresError(error.code, "parameter $\(parameters.count + 1): \(error.message)")
        }
        sql += "$\(parameters.count)"
      }
    }
    guard parameters.count <= Int(Int16.max) * 2 + 1 else {
      throw PostgresError(.invalidStatement, "a statement has at most 65535 parameters")
    }
    return (try Self.withoutNUL(sql), parameters)
  }

  /// It begins with the word COPY.
  var isCopy: Bool {
    guard case .sql(let text)? = segments.first else { return false }
    return text.utf8.drop { $0 <= 0x20 }.prefix(4).elementsEqual("COPY".utf8) { $0 & 0xDF == $1 }
  }

  /// The text with every value written out as a quoted, typed literal.
  ///
  /// COPY and utility commands take no parameters. Sound only with `standard_conforming_strings`, which every session of ours sets.
  ///
  /// - Throws: as `rendered()`.
  func inlined() throws(PostgresError) -> String {
    var sql = ""
    for segment in segments {
      switch segment {
      case .sql(let text): sql += text
      case .bind(let bind): sql += try bind.literal()
      }
    }
    return try Self.withoutNUL(sql)
  }

  /// The name in quotes, whatever it consists of.
  static func quoted(identifier: String) -> String { identifier.quoted(with: "\"") }

  /// The text as a string constant.
  static func quoted(literal: String) -> String { literal.quoted(with: "'") }

  private static func withoutNUL(_ sql: String) throws(PostgresError) -> String {
    // Libpq would end the statement there.
    guard !sql.utf8.contains(0) else {
      throw PostgresError(.invalidStatement, "a statement contains a NUL character")
    }
    return sql
  }
}
