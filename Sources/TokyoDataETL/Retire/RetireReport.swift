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

  /// How a day's rows leave hot.
  @nonexhaustive
  public enum Way: Hashable, Sendable, Codable {
    /// They are deleted in one transaction that hashes what it deletes.
    case delete
    /// Their partition, of this name, is detached with all its days, then hashed and dropped.
    case detach(String)

    /// The way in one word.
    public var word: String {
      switch self {
      case .delete: "delete"
      case .detach: "detach"
      }
    }

    /// The partition that is detached.
    public var partition: String? {
      if case .detach(let name) = self { name } else { nil }
    }
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
    /// How its rows left hot, or would; nil where nothing was tried.
    public var way: Way?
  }

  /// The dataset.
  public var dataset: DatasetName
  /// Days before this one were to be retired.
  public var before: TokyoDataCore.Day
  /// Nothing was removed: the report says what would have been done.
  public var isDryRun: Bool
  /// The days, oldest first.
  public var days: [Day]
  /// Why no partition is detached, such as that the table is not partitioned; nil where nothing stands in the
  /// way.
  public var partitionObstacle: String?

  /// Every day is retired, or would be.
  public var isComplete: Bool { days.allSatisfy { $0.outcome == .retired || $0.outcome == .planned } }
}
