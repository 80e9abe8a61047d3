extension String {
  /// The text between quotes, with those in it doubled, as SQL quotes names and constants.
  package func quoted(with quote: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    result.append(quote)
    // Scalars, not characters: a quote followed by a combining mark is another character but still a quote.
    for scalar in unicodeScalars {
      if scalar == quote { result.append(quote) }
      result.append(scalar)
    }
    result.append(quote)
    return String(result)
  }
}
