internal import TokyoDataCore

/// Reads SQL as far as to know what is code and what lies in quotes and comments.
struct SQLScanner {
  private enum Place {
    case code
    case quoted(Unicode.Scalar)
    case lineComment
    case blockComment
  }

  private var place = Place.code
  private var previous: Unicode.Scalar?

  /// The text ended within a comment that the end of a line ends.
  var isInLineComment: Bool { if case .lineComment = place { true } else { false } }

  /// - Throws: `TokyoDataError.invalidArgument` for a question mark in code, which Athena would take for a
  ///   parameter, and for a NUL anywhere.
  mutating func read(_ text: String) throws(TokyoDataError) {
    for scalar in text.unicodeScalars {
      guard scalar != "\0" else {
        throw TokyoDataError(.invalidArgument, "the SQL contains a NUL character")
      }
      try read(scalar)
    }
  }

  private mutating func read(_ scalar: Unicode.Scalar) throws(TokyoDataError) {
    let before = previous
    previous = scalar
    switch (place, scalar) {
    case (.code, "?"):
      throw TokyoDataError(
        .invalidArgument, "a question mark outside of quotes and comments; write the value as \\(value)")
    case (.code, "'"), (.code, "\""), (.code, "`"): enter(.quoted(scalar))
    case (.code, "-") where before == "-": enter(.lineComment)
    case (.code, "*") where before == "/": enter(.blockComment)
    // A doubled quote leaves and enters again.
    case (.quoted(let quote), _) where scalar == quote: enter(.code)
    case (.lineComment, "\n"), (.lineComment, "\r"): enter(.code)
    case (.blockComment, "/") where before == "*": enter(.code)
    default: break
    }
  }

  private mutating func enter(_ place: Place) {
    self.place = place
    previous = nil
  }

  /// Something that is not text is put in here.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` within quotes or a comment, where it would be text.
  mutating func insert(_ what: String) throws(TokyoDataError) {
    guard case .code = place else {
      throw TokyoDataError(.invalidArgument, "\(what) within quotes or a comment of the SQL")
    }
    previous = nil
  }

  /// - Throws: `TokyoDataError.invalidArgument` where a quote or a comment does not end.
  func finish() throws(TokyoDataError) {
    switch place {
    case .code, .lineComment: return
    case .quoted: throw TokyoDataError(.invalidArgument, "the SQL ends within quotes")
    case .blockComment: throw TokyoDataError(.invalidArgument, "the SQL ends within a comment")
    }
  }
}
