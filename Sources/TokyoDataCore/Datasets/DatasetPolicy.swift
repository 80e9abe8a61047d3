/// How a dataset's days move from hot to cold, and how its files are laid out.
public struct DatasetPolicy: Hashable, Sendable, Codable {
  /// Days that stay in hot after their end; 90 unless said otherwise.
  ///
  /// It schedules, it never routes.
  public var hotDays: Int
  /// Days that the lake keeps; two years unless said otherwise.
  public var coldRetentionDays: Int
  /// Columns by which rows lie together in files, before the primary key.
  public var clusterBy: [String]
  /// What happens to a write into a day that is already cold.
  public var lateWrites: LateWritePolicy
  /// The unit of files, authority and retirement.
  public var partitioning: Partitioning
  /// The names of the partition columns of the lake.
  public var partitionColumns: PartitionColumns
  /// The zone of a time column without zone; its day is its literal date.
  public var timeZone: String?
  /// Columns of the source table that are knowingly not exported, so retiring may lose them.
  public var givenUpColumns: [String]

  /// Makes a policy; every part has a default.
  public init(
    hotDays: Int = 90, coldRetentionDays: Int = 730, clusterBy: [String] = [],
    lateWrites: LateWritePolicy = .overlay, partitionColumns: PartitionColumns = PartitionColumns(),
    timeZone: String? = nil, givenUpColumns: [String] = []
  ) {
    self.hotDays = hotDays
    self.coldRetentionDays = coldRetentionDays
    self.clusterBy = clusterBy
    self.lateWrites = lateWrites
    partitioning = .day
    self.partitionColumns = partitionColumns
    self.timeZone = timeZone
    self.givenUpColumns = givenUpColumns
  }
}

/// What happens to a write into a day that is already cold.
@nonexhaustive
public enum LateWritePolicy: String, Hashable, Sendable, Codable {
  /// The row lives in hot and replaces the cold row of the same day and key.
  case overlay
  /// The write fails.
  case reject
}

/// The unit of files, authority and retirement.
@nonexhaustive
public enum Partitioning: String, Hashable, Sendable, Codable {
  /// The UTC date of the time column.
  case day
}

/// The names of a lake's partition columns for year, month and day of the month.
public struct PartitionColumns: Hashable, Sendable, Codable {
  /// The column of the year, `YYYY`.
  public let year: String
  /// The column of the month, `MM`.
  public let month: String
  /// The column of the day of the month, `DD`.
  public let day: String

  /// `year`, `month` and `day`.
  public init() {
    year = "year"
    month = "month"
    day = "day"
  }

  /// Other names, for tables that have columns of the usual ones.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` unless they are three different lower-case names.
  public init(year: String, month: String, day: String) throws(TokyoDataError) {
    let names = [year, month, day]
    guard Set(names + ["lake_version"]).count == 4,
      names.allSatisfy(DatasetName.isValid)
    else {
      throw TokyoDataError(
        .invalidArgument, "partition columns are three different names of a–z, 0–9 and _")
    }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The three names, from year to day.
  public var names: [String] { [year, month, day] }
}
