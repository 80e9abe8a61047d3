/// Where one day stands, for people who watch a dataset.
public struct DayStatus: Hashable, Sendable, Codable {
  /// The day.
  public var day: Day
  /// Where its rows are.
  public var state: DayState
  /// Its current version.
  public var version: VersionID?
  /// The rows of its version, or, where only hot has it, of hot.
  public var rows: Int
  /// The bytes of its version.
  public var bytes: Int
  /// A transaction changed it after its export.
  public var marked: Bool
  /// When its version was last verified.
  public var verifiedAt: Timestamp?
}

extension DayStatus {
  private enum Key: String, CodingKey { case day, state, version, rows, bytes, marked, verifiedAt }

  /// Every key is written, an absent value as null, so that readers need not guess.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(day, forKey: .day)
    try container.encode(state, forKey: .state)
    try container.encode(version, forKey: .version)
    try container.encode(rows, forKey: .rows)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(marked, forKey: .marked)
    try container.encode(verifiedAt, forKey: .verifiedAt)
  }
}
