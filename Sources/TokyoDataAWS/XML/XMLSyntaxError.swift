/// Bytes that are not a document of XML, or one that we do not read; shows none of them.
struct XMLSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  var message: String
  /// Where, counted from zero.
  var offset: Int

  var description: String { "XML, byte \(offset): \(message)" }
}

/// How much of a document is read.
struct XMLLimits: Sendable, Hashable {
  /// A listing of a thousand keys, each byte escaped, has six megabytes.
  var bytes = 32 << 20
  /// The deepest of our documents has seven.
  var depth = 32
  /// The largest of our listings has about fifteen thousand.
  var elements = 200_000
}
