/// Which readers a file must suit.
public struct ParquetProfile: Hashable, Sendable {
  let name: String

  /// What Athena and Trino read: data pages of version 1, no times of day, no UUIDs in bytes, names that
  /// differ in more than case, and of the encodings those that their readers decode for each type.
  public static let athena = ParquetProfile(name: "athena")
  /// All that the format has and this module writes.
  public static let unrestricted = ParquetProfile(name: "unrestricted")
}

extension ParquetProfile: CustomStringConvertible {
  /// The profile's name.
  public var description: String { name }
}
