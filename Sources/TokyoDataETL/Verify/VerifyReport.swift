/// What a verification found, day by day.
public struct VerifyReport: Sendable, Codable {
  /// One day.
  public struct Day: Hashable, Sendable, Codable {
    /// The day.
    public var day: TokyoDataCore.Day
    /// The version that was read.
    public var version: VersionID
    /// The rows that were read.
    public var rows: Int
    /// The first difference, in words; nil where copy, catalog and ledger agree.
    public var difference: String?
  }

  /// The dataset.
  public var dataset: DatasetName
  /// The days, oldest first.
  public var days: [Day]

  /// Copies, catalog and ledger agree on every day.
  public var isClean: Bool { days.allSatisfy { $0.difference == nil } }
}
