/// In which steps days leave hot: whole partitions where all of their days can go, else day by day.
struct RetireSchedule {
  /// A day before the limit of which hot still holds rows, or the ledger a copy.
  struct Candidate {
    var day: Day
    var version: VersionRecord?
    /// What keeps it in hot.
    var obstacle: RetireReport.Outcome?
    /// A transaction changed it after its export.
    var isMarked: Bool

    func report(
      _ outcome: RetireReport.Outcome, _ way: RetireReport.Way?, rows: Int = 0
    ) -> RetireReport.Day {
      RetireReport.Day(day: day, outcome: outcome, version: version?.id, rows: rows, way: way)
    }
  }

  enum Step {
    case day(Candidate)
    case partition(RetirablePartition, [Candidate])
  }

  private(set) var steps: [Step] = []

  /// A partition goes only when all before it are gone, so the first that cannot go ends the list.
  init(_ candidates: [Candidate], _ partitions: [RetirablePartition]) {
    var rest = candidates[...]
    for partition in partitions {
      let before = rest.prefix { $0.day < partition.days.lowerBound }
      let within = rest.dropFirst(before.count).prefix { partition.days.contains($0.day) }
      guard within.allSatisfy({ $0.obstacle == nil && $0.version != nil && !$0.isMarked }) else { break }
      steps += before.map(Step.day)
      steps.append(.partition(partition, Array(within)))
      rest = rest.dropFirst(before.count + within.count)
    }
    steps += rest.map(Step.day)
  }
}
