public import TokyoDataCore

/// The answer to a query: its rows, where they came from, of which instant they are, and what they cost.
public struct Answer: Sendable {
  /// The rows.
  public let batch: ColumnBatch
  /// Which tier served each day, and why.
  public let plan: Plan
  /// What was read of each tier.
  public let read: ReadCounts
  /// The instant of which the answer is, by the hot store's clock; days read as of their export are older.
  public let asOf: Timestamp
  /// What it cost.
  public let cost: QueryCost
  /// What the cache did for it.
  public internal(set) var cache: CacheUse
  /// The columns whose sums or means are of floating-point numbers: the order of adding shows in them.
  public let inexactColumns: [String]

  /// The answer lacks days that its caller accepted to do without.
  public var isPartial: Bool { plan.isPartial }
  /// The days that it lacks, in order.
  public var daysLeftOut: [Day] { plan.daysLeftOut }
}

/// What was read of each tier.
public struct ReadCounts: Hashable, Sendable, Codable {
  /// Rows of hot that entered the answer.
  public var hotRows = 0
  /// Rows of copies that entered the answer.
  public var coldRows = 0
  /// Bytes of copies that were read.
  public var coldBytes = 0
  /// Rows that were counted in the ledger's summaries, without reading them.
  public var summaryRows = 0

  /// Makes counts of nothing.
  public init() {}
}

/// What a query cost.
public struct QueryCost: Hashable, Sendable, Codable {
  /// Bytes of copies that were read, in all attempts.
  public var scannedBytes: Int
  /// US dollars for that; 0 where the cold store does not charge.
  public var dollars: Double

  /// Makes a cost.
  public init(scannedBytes: Int = 0, dollars: Double = 0) {
    self.scannedBytes = scannedBytes
    self.dollars = dollars
  }

  /// Adds the cost of another read.
  public static func += (left: inout QueryCost, right: QueryCost) {
    left.scannedBytes += right.scannedBytes
    left.dollars += right.dollars
  }
}
