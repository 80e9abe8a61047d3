/// The name of a dataset: 1–200 lower-case letters, digits and underscores, beginning with a letter.
///
/// It is also its folder in the lake and its table in the catalog, hence the narrow alphabet.
public struct DatasetName: Hashable, Sendable {
  private let text: String

  /// Makes a name.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for anything but `[a-z][a-z0-9_]{0,199}`.
  public init(_ text: String) throws(TokyoDataError) {
    guard Self.isValid(text) else {
      throw TokyoDataError(
        .invalidArgument, "a dataset's name is 1–200 of a–z, 0–9 and _, beginning with a letter")
    }
    self.text = text
  }

  /// The text is `[a-z][a-z0-9_]{0,199}`.
  static func isValid(_ text: String) -> Bool {
    guard (1...200).contains(text.utf8.count), let first = text.utf8.first, (97...122).contains(first)
    else { return false }
    return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
  }
}

extension DatasetName: CustomStringConvertible, Comparable {
  /// The value as text.
  public var description: String { text }

  /// The left one comes first.
  public static func < (left: DatasetName, right: DatasetName) -> Bool { left.text < right.text }
}

extension DatasetName: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
