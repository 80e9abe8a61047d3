/// All that the in-memory store keeps of one dataset: what readers see, and what only writers and runs need.
struct HotTable: Sendable {
  var view: HotView
  /// The day of every row by its key; empty where the dataset has no key.
  ///
  /// Not part of a snapshot, so that writers never copy it.
  var index: [RowKey: Day] = [:]
  /// Goes up with all that a planned write depends on: rows, states of days, the definition.
  private(set) var revision: UInt64 = 0
  /// The run under way.
  var run: RunID?
  /// When versions were recorded, and by which run.
  var recorded: [VersionID: (at: Timestamp, run: RunID)] = [:]

  init(_ dataset: Dataset) {
    view = HotView(dataset: dataset)
  }

  /// Notes that writes which were planned before must be planned again.
  mutating func revise() { revision += 1 }
}

extension HotTable {
  /// What the writes of one transaction make of the table.
  struct Change {
    /// All days, changed or not.
    var days: [Day: DayRows]
    /// The days that keys move to; nil for keys that are gone.
    var keys: [RowKey: Day?]
    /// The days whose rows change.
    var changedDays: Set<Day>
  }

  /// Works out what planned writes, one after the other, make of the table as it is.
  func change(by planner: WritePlanner) throws -> Change {
    var change = Change(days: view.days, keys: planner.keys, changedDays: [])
    for plan in planner.plans {
      for (day, keys) in plan.removals {
        try change.days[day]?.remove(keys, keyColumns: view.dataset.primaryKey)
      }
      for (day, rows) in plan.additions { change.days[day, default: DayRows()].append(rows) }
      change.changedDays.formUnion(plan.days)
    }
    return change
  }

  /// Makes a change of this very table, and marks the days that it changed and that are over.
  mutating func apply(_ change: Change, by transaction: UInt64, today: Day) {
    revise()
    view.days = change.days
    for (key, day) in change.keys { index[key] = day }
    guard view.dataset.isDated else { return }
    for day in change.changedDays where day < today {
      view.marks.insert(Mark(day: day, transaction: transaction))
    }
  }
}
