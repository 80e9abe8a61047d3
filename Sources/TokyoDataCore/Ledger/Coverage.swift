/// Where a day's rows are.
@nonexhaustive
public enum DayState: String, Hashable, Sendable, Codable, CaseIterable {
  /// Only in hot. The ledger has no row for such a day.
  case hot
  /// In hot, with a published copy in the lake.
  case both
  /// Retired: in the lake, and what hot holds of the day replaces the lake's rows by key.
  case cold
  /// Gone from the lake after its retention; reading it is an error, never zero rows.
  case expired
  /// Hot and copy differ and no writer's mark explains it; a person must resolve it.
  case suspect
}

/// What the ledger says of one day.
public struct DayCoverage: Hashable, Sendable {
  /// The day.
  public var day: Day
  /// Where its rows are.
  public var state: DayState
  /// Its current version; nil where it has none.
  public var version: VersionID?

  /// Makes the coverage of a day.
  public init(day: Day, state: DayState, version: VersionID?) {
    self.day = day
    self.state = state
    self.version = version
  }
}

/// What a ledger says of a dataset as of one snapshot.
public struct Coverage: Sendable {
  /// A random number, fresh with every change of coverage.
  public var epoch: Int64
  /// The days that are not only hot.
  public var days: [Day: DayCoverage]
  /// The days that a transaction changed after their export.
  public var marked: Set<Day>
  /// The current versions of the days.
  public var versions: [VersionID: VersionRecord]

  /// Makes a coverage.
  public init(
    epoch: Int64, days: [Day: DayCoverage] = [:], marked: Set<Day> = [],
    versions: [VersionID: VersionRecord] = [:]
  ) {
    self.epoch = epoch
    self.days = days
    self.marked = marked
    self.versions = versions
  }

  /// Where a day's rows are.
  public func state(of day: Day) -> DayState { days[day]?.state ?? .hot }

  /// The current version of a day; nil where it has none.
  public func version(of day: Day) -> VersionRecord? {
    days[day]?.version.flatMap { versions[$0] }
  }
}

/// A note in the ledger that a transaction changed a finished day.
public struct Mark: Hashable, Sendable, Codable {
  /// The day that was changed.
  public var day: Day
  /// The transaction that changed it, unique in its ledger; 0 where a run found the table's structure
  /// changed and no writer is known.
  public var transaction: UInt64

  /// A writer left it, not a run that compared the table with its record.
  public var isByWriter: Bool { transaction != 0 }

  /// Makes a mark.
  public init(day: Day, transaction: UInt64) {
    self.day = day
    self.transaction = transaction
  }
}
