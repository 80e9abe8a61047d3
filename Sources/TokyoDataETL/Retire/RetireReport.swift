/// What a retirement did, day by day.
public struct RetireReport: Sendable, Codable {
  /// How a day fared.
  @nonexhaustive
  public enum Outcome: String, Hashable, Sendable, Codable {
    /// Its rows are gone from hot and it is cold.
    case retired
    /// It would be verified and retired; the run was dry.
    case planned
    /// It was never exported, so nothing proves a copy; hot keeps it.
    case neverExported
    /// It changed since its export; the next export copies it anew.
    case changed
    /// Hot and copy differ and no writer's mark explains it; a person must resolve it.
    case suspect
  }

  /// One day.
  public struct Day: Hashable, Sendable, Codable {
    /// The day.
    public var day: TokyoDataCore.Day
    /// How it fared.
    public var outcome: Outcome
    /// The version that proves it, where it has one.
    public var version: VersionID?
    /// The rows that were removed from hot.
    public var rows: Int
  }

  /// The dataset.
  public var dataset: DatasetName
  /// Days before this one were to be retired.
  public var before: TokyoDataCore.Day
  /// Nothing was removed: the report says what would have been done.
  public var isDryRun: Bool
  /// The days, oldest first.
  public var days: [Day]

  /// Every day is retired, or would be.
  public var isComplete: Bool { days.allSatisfy { $0.outcome == .retired || $0.outcome == .planned } }
}
