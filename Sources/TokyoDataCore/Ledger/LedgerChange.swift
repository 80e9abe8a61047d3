/// What a publishing transaction does to one day; all changes of one publish happen together or not at all.
public struct DayPublication: Sendable {
  /// The day.
  public var day: Day
  /// The state and version from which the export began; where they are others now, nothing is published.
  public var base: DayCoverage
  /// The version that becomes current, checked and complete; nil keeps the base's, whose rows are the same.
  public var version: VersionRecord?
  /// The marks that the export's snapshot saw: exactly these are deleted.
  public var marks: [Mark]

  /// Makes the publication of a day.
  public init(day: Day, base: DayCoverage, version: VersionRecord?, marks: [Mark]) {
    self.day = day
    self.base = base
    self.version = version
    self.marks = marks
  }
}

/// How a retirement of one day ended.
@nonexhaustive
public enum RetireOutcome: Hashable, Sendable {
  /// The rows are gone from hot and the day is cold.
  case retired(rows: Int)
  /// Hot holds other rows than the version; nothing was removed. `isMarked` says whether a writer's mark
  /// explains it.
  case differs(found: RowHash, isMarked: Bool)
}

/// What a run does; only one run of a dataset is under way at a time.
@nonexhaustive
public enum RunKind: String, Hashable, Sendable, Codable {
  /// Copies finished days to the lake.
  case export
  /// Compares copies, catalog and ledger.
  case verify
  /// Removes proven days from hot.
  case retire
  /// Deletes versions that nobody uses.
  case collect
  /// Settles a suspect day.
  case resolve
}

/// Which side of a suspect day a person declares right.
@nonexhaustive
public enum SuspectResolution: String, Hashable, Sendable, Codable {
  /// Hot is right: the day is only hot again and is exported anew.
  case hot
  /// The copy is right: the day is cold, and what hot holds of it replaces by key.
  case copy
}

/// A transaction that still holds a write lock on a dataset's table.
public struct OpenWriter: Hashable, Sendable {
  /// The server process of the transaction; 0 where the store has none.
  public var processID: Int

  /// Makes the note of an open writer.
  public init(processID: Int) {
    self.processID = processID
  }
}
