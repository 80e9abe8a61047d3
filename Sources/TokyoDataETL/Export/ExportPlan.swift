/// What an export does with each day, decided from one snapshot alone.
struct ExportPlan {
  /// A day to read, and what the decision began from.
  struct Item: Hashable {
    var day: Day
    var base: DayCoverage
    var marks: [Mark]
    /// Hot holds no rows of the day.
    var isEmpty: Bool
  }

  /// Days to read, oldest first.
  private(set) var items: [Item] = []
  /// Days left alone, with the reason.
  private(set) var left: [Day: DayReport.Outcome] = [:]
  /// Days that are to be declared suspect.
  private(set) var suspects: [Day] = []

  /// A day would be exported for the first time if no transaction that may have written it were open.
  var isHeldUpByWriters: Bool {
    left.values.contains { outcome in
      if case .putOff = outcome { return true }
      return false
    }
  }

  /// What one snapshot says.
  struct Facts {
    var dataset: Dataset
    var asOf: Timestamp
    var coverage: Coverage
    var marks: [Mark]
    /// Rows by finished day.
    var rows: [Day: Int]
    /// Transactions that wrote before the snapshot may still be open.
    var openWriters: [OpenWriter]
  }

  init(_ mode: ExportMode, facts: Facts, options: ETLOptions) {
    let marks = Dictionary(grouping: facts.marks, by: \.day)
    let candidates = Set(facts.rows.keys).union(facts.coverage.days.keys).union(marks.keys)
    for day in candidates.sorted() where mode.reaches(day) && day < facts.asOf.day {
      let base = facts.coverage.days[day] ?? DayCoverage(day: day, state: .hot, version: nil)
      let item = Item(
        day: day, base: base, marks: marks[day] ?? [], isEmpty: (facts.rows[day] ?? 0) == 0)
      switch base.state {
      case .hot: planFirst(item, facts: facts, options: options)
      case .both: planAgain(item, mode: mode, facts: facts)
      case .cold where !item.marks.isEmpty: left[day] = .awaitsMerge
      case .suspect: left[day] = .suspect
      case .cold, .expired: break
      }
    }
  }

  private mutating func planFirst(_ item: Item, facts: Facts, options: ETLOptions) {
    // A day of which hot holds nothing has no copy to make; its marks are of rows that are gone again.
    guard !item.isEmpty else { return }
    let settled = item.day.next.start.adding(microseconds: options.settlingTime.microseconds)
    if facts.asOf < settled {
      left[item.day] = .settling
    } else if !facts.openWriters.isEmpty {
      left[item.day] = .putOff(openWriters: facts.openWriters.map(\.processID))
    } else {
      items.append(item)
    }
  }

  private mutating func planAgain(_ item: Item, mode: ExportMode, facts: Facts) {
    let copy = facts.coverage.version(of: item.day)
    let isMarkedByWriter = item.marks.contains { $0.isByWriter }
    if item.isEmpty, !isMarkedByWriter, copy?.rowHash.rowCount != 0 {
      suspects.append(item.day)
      left[item.day] = .suspect
    } else if mode.revisits || !item.marks.isEmpty
      || copy?.schemaFingerprint != facts.dataset.schemaFingerprint
    {
      items.append(item)
    }
  }
}

extension Duration {
  /// The whole microseconds, held at the ends of `Int64`.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000_000
  }
}
