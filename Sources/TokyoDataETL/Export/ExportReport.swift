/// What an export did, day by day.
public struct ExportReport: Sendable, Codable {
  /// The dataset.
  public var dataset: DatasetName
  /// Nothing was written: the report says what would have been done.
  public var isDryRun: Bool
  /// The days that the export touched or left alone for a reason, oldest first.
  public var days: [DayReport]
  /// What was collected at the end.
  public var collected: [VersionID]

  /// Rows in the versions that were published.
  public var rows: Int { days.reduce(0) { $0 + ($1.outcome == .exported ? $1.rows ?? 0 : 0) } }
}

/// What a run did with one day.
public struct DayReport: Hashable, Sendable, Codable {
  /// How a day fared.
  @nonexhaustive
  public enum Outcome: Hashable, Sendable {
    /// A new version is current.
    case exported
    /// It would be exported, or compared with its copy; the run was dry.
    case planned
    /// Its rows are those of its version; nothing was published.
    case unchanged
    /// It is cold and holds late rows: it waits for a merge, and keeps its marks and its overlay.
    case awaitsMerge
    /// Hot and copy differ and no writer's mark explains it; nothing was exported.
    case suspect
    /// It ended too recently.
    case settling
    /// Transactions that wrote are still open, in these server processes.
    case putOff(openWriters: [Int])

    /// The outcome in one word.
    public var word: String {
      switch self {
      case .exported: "exported"
      case .planned: "planned"
      case .unchanged: "unchanged"
      case .awaitsMerge: "awaitsMerge"
      case .suspect: "suspect"
      case .settling: "settling"
      case .putOff: "putOff"
      }
    }
  }

  /// The day.
  public var day: Day
  /// How it fared.
  public var outcome: Outcome
  /// Its version, where one was published or kept.
  public var version: VersionID?
  /// The version's rows.
  public var rows: Int?
  /// The version's bytes.
  public var bytes: Int?
}

extension DayReport.Outcome: Codable {
  private enum Key: String, CodingKey { case outcome, openWriters }

  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let word = try container.decode(String.self, forKey: .outcome)
    let writers = try container.decodeIfPresent([Int].self, forKey: .openWriters) ?? []
    let all: [Self] = [
      .exported, .planned, .unchanged, .awaitsMerge, .suspect, .settling, .putOff(openWriters: writers),
    ]
    guard let outcome = all.first(where: { $0.word == word }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .outcome, in: container, debugDescription: "unknown outcome")
    }
    self = outcome
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(word, forKey: .outcome)
    if case .putOff(let writers) = self { try container.encode(writers, forKey: .openWriters) }
  }
}
