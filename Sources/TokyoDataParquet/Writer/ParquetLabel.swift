/// What the texts of a column mean beyond being texts; readers get texts all the same.
public struct ParquetLabel: Hashable, Sendable {
  let name: String

  /// JSON documents.
  public static let json = ParquetLabel(name: "json")
  /// Names out of a small set.
  public static let enumeration = ParquetLabel(name: "enumeration")
  /// UUIDs in their 36 characters, which the file keeps in 16 bytes.
  public static let uuid = ParquetLabel(name: "uuid")
}

extension ParquetLabel: CustomStringConvertible {
  /// The label's name.
  public var description: String { name }
}
