/// Splits a line into words as a POSIX shell does, quotes and backslashes only: nothing is expanded, and no
/// shell is run.
enum ShellWords {
  /// The words; nil where a quote or a backslash has no end.
  static func split(_ line: String) -> [String]? {
    var words: [String] = []
    var word: [Unicode.Scalar]?
    var quote: Unicode.Scalar?
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch (scalar, quote) {
      case (let end, let open?) where end == open: quote = nil
      case ("\\", "\""):
        guard let next = rest.popFirst() else { return nil }
        // Between double quotes only these two are escaped; before others the backslash stands for itself.
        if next != "\"" && next != "\\" { word?.append(scalar) }
        word?.append(next)
      case (_, _?): word?.append(scalar)
      case ("'", nil), ("\"", nil):
        quote = scalar
        word = word ?? []
      case ("\\", nil):
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? []) + [next]
      case (" ", nil), ("\t", nil), ("\r", nil), ("\n", nil):
        if let word { words.append(text(word)) }
        word = nil
      default: word = (word ?? []) + [scalar]
      }
    }
    guard quote == nil else { return nil }
    if let word { words.append(text(word)) }
    return words
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
