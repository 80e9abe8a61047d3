/// A partition that holds exactly some whole days, which can leave hot together.
public struct RetirablePartition: Hashable, Sendable {
  /// The store's name of it.
  public var name: String
  /// Its days.
  public var days: ClosedRange<Day>

  /// Makes the note of a partition.
  public init(name: String, days: ClosedRange<Day>) {
    self.name = name
    self.days = days
  }
}

/// What of a dataset can retire by whole partitions.
public struct RetirablePartitions: Hashable, Sendable {
  /// Oldest first; each can go once those before it are gone.
  public var partitions: [RetirablePartition]
  /// Why days retire one by one although the table may be partitioned; nil where nothing stands in the way.
  public var obstacle: String?

  /// Makes a list of partitions.
  public init(partitions: [RetirablePartition], obstacle: String?) {
    self.partitions = partitions
    self.obstacle = obstacle
  }
}

/// How the retirement of a partition ended.
@nonexhaustive
public enum PartitionRetireOutcome: Hashable, Sendable {
  /// The partition is gone and its days are cold.
  case retired
  /// A transaction changed these days since their export, or the clock was set back; nothing happened.
  case marked([Day])
  /// It held other rows than the versions of these days, which are suspect now; its rows are kept.
  case differs([Day])
}
