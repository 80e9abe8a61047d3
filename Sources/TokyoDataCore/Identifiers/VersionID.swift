/// The id of a version: the second it was made and 48 random bits, never used again.
///
/// Written `20260901T020304Z-5f1c09ab37de`: the same characters in folder names, SQL and the ledger.
public struct VersionID: Hashable, Sendable {
  let text: String

  /// Makes an id that no version ever had.
  public init(at now: Timestamp, using generator: inout some RandomNumberGenerator) {
    let stamp = now.description.prefix(19).filter { $0 != "-" && $0 != ":" }
    let random = String(UInt64.random(in: 0..<1 << 48, using: &generator), radix: 16)
    text = "\(stamp)Z-" + String(repeating: "0", count: 12 - random.count) + random
  }

  /// Makes an id that no version ever had, from the system's randomness.
  public init(at now: Timestamp) {
    var generator = SystemRandomNumberGenerator()
    self.init(at: now, using: &generator)
  }
}

extension VersionID: LosslessStringConvertible, Comparable {
  /// Reads an id; nil for anything that cannot be one.
  public init?(_ description: String) {
    let bytes = Array(description.utf8)
    guard (8...64).contains(bytes.count),
      bytes.allSatisfy({
        (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0) || $0 == 45
      })
    else { return nil }
    text = description
  }

  /// The value as text.
  public var description: String { text }

  /// The left one comes first.
  public static func < (left: VersionID, right: VersionID) -> Bool { left.text < right.text }
}

extension VersionID: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let id = VersionID(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a version id")
    }
    self = id
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
