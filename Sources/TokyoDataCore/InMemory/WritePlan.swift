/// One write of a transaction, as it was asked.
enum HotWrite: Sendable {
  case insert(ColumnBatch)
  case upsert(ColumnBatch)
  case update(ColumnBatch)
  case delete(ColumnBatch)

  /// The caller was told how many rows it concerns.
  var tellsCount: Bool {
    switch self {
    case .insert, .upsert: false
    case .update, .delete: true
    }
  }
}

/// What one write does to the rows of a table.
struct WritePlan {
  /// The keys of the rows that go, by their day.
  var removals: [Day: Set<RowKey>] = [:]
  /// The rows that come, by their day.
  var additions: [Day: ColumnBatch] = [:]

  /// The days whose rows change.
  var days: Set<Day> { Set(removals.keys).union(additions.keys) }
  /// How many rows go.
  var removedCount: Int { removals.values.reduce(0) { $0 + $1.count } }
}

/// Plans the writes of one transaction to one table, each on top of those before it.
///
/// It only looks: a write that breaks a rule throws, and nothing has changed. A transaction plans when a write
/// is asked, so that the caller hears of it at once, and again at its commit if others committed since.
struct WritePlanner {
  /// The plans, in the order of the writes.
  private(set) var plans: [WritePlan] = []
  /// Where the transaction's own writes moved keys: to a day, or away.
  private(set) var keys: [RowKey: Day?] = [:]

  /// Plans one more write.
  ///
  /// - Returns: how many rows it removes.
  mutating func plan(_ write: HotWrite, on table: HotTable) throws(TokyoDataError) -> Int {
    let dataset = table.view.dataset
    do {
      let plan =
        switch write {
        case .insert(let rows): try insert(Rows(rows, of: dataset), into: table)
        case .upsert(let rows): try upsert(Rows(rows, of: dataset), into: table)
        case .update(let rows): try update(Rows(rows, of: dataset), in: table)
        case .delete(let rows): try delete(Rows(rows, of: dataset), from: table)
        }
      plans.append(plan)
      return plan.removedCount
    } catch let error as TokyoDataError {
      throw error.adding(.init(store: InMemoryHotStore.shortName, dataset: dataset.name))
    } catch let error as ColumnError {
      throw TokyoDataError(error, context: .init(store: InMemoryHotStore.shortName, dataset: dataset.name))
    } catch {
      throw TokyoDataError(.internal, "planning a write failed otherwise than it can", cause: error)
    }
  }

  private mutating func insert(_ rows: Rows, into table: HotTable) throws -> WritePlan {
    if let rowKeys = rows.keys {
      keys.reserveCapacity(keys.count + rows.days.count)
      for row in rows.days.indices {
        let key = rowKeys[row]
        guard place(of: key, in: table) == nil else {
          throw TokyoDataError(.conflict, "a row with this key is there", context: .init(day: rows.days[row]))
        }
        keys[key] = .some(rows.days[row])
      }
    }
    let plan = WritePlan(additions: try rows.byDay())
    try checkAdditions(plan, to: table)
    return plan
  }

  private mutating func upsert(_ rows: Rows, into table: HotTable) throws -> WritePlan {
    let rowKeys = try rows.requiredKeys()
    var plan = WritePlan(additions: try rows.byDay())
    try checkAdditions(plan, to: table)
    var seen: Set<RowKey> = []
    for row in rows.days.indices {
      let (key, day) = (rowKeys[row], rows.days[row])
      guard seen.insert(key).inserted else {
        throw TokyoDataError(
          .invalidArgument, "the rows of one upsert have a key twice", context: .init(day: day))
      }
      if let old = place(of: key, in: table) {
        if old != day { try checkUncovering(old, in: table) }
        plan.removals[old, default: []].insert(key)
      }
      keys[key] = .some(day)
    }
    return plan
  }

  private mutating func update(_ rows: Rows, in table: HotTable) throws -> WritePlan {
    let rowKeys = try rows.requiredKeys()
    var plan = WritePlan()
    var seen: Set<RowKey> = []
    var found: [Int] = []
    for row in rows.days.indices {
      let (key, day) = (rowKeys[row], rows.days[row])
      guard seen.insert(key).inserted else {
        throw TokyoDataError(
          .invalidArgument, "the rows of one update have a key twice", context: .init(day: day))
      }
      guard place(of: key, in: table) == day else {
        if table.view.isRetired(day) { throw Self.onlyInCold(day) }
        continue
      }
      plan.removals[day, default: []].insert(key)
      keys[key] = .some(day)
      found.append(row)
    }
    plan.additions = try rows.gathering(found).byDay()
    try checkAdditions(plan, to: table)
    return plan
  }

  private mutating func delete(_ rows: Rows, from table: HotTable) throws -> WritePlan {
    let rowKeys = try rows.requiredKeys()
    var plan = WritePlan()
    for row in rows.days.indices {
      let (key, day) = (rowKeys[row], rows.days[row])
      guard place(of: key, in: table) == day else {
        if table.view.isRetired(day) { throw Self.onlyInCold(day) }
        continue
      }
      try checkUncovering(day, in: table)
      plan.removals[day, default: []].insert(key)
      keys[key] = .some(nil)
    }
    return plan
  }

  private func place(of key: RowKey, in table: HotTable) -> Day? { keys[key] ?? table.index[key] }

  private func checkAdditions(_ plan: WritePlan, to table: HotTable) throws(TokyoDataError) {
    guard table.view.dataset.policy.lateWrites == .reject else { return }
    for day in plan.additions.keys.sorted() where table.view.isRetired(day) {
      throw TokyoDataError(
        .daysUnavailable, "the day is cold and its dataset rejects late writes", context: .init(day: day))
    }
  }

  private func checkUncovering(_ day: Day, in table: HotTable) throws(TokyoDataError) {
    guard table.view.isRetired(day) else { return }
    throw TokyoDataError(
      .daysUnavailable,
      "the row replaces one of a cold day, which would be uncovered; rehydrate the day, or amend it",
      context: .init(day: day))
  }

  private static func onlyInCold(_ day: Day) -> TokyoDataError {
    TokyoDataError(
      .daysUnavailable, "the day is cold, so hot cannot change its rows; rehydrate the day, or amend it",
      context: .init(day: day))
  }
}

extension WritePlanner {
  /// A batch of a transaction, checked against its dataset.
  private struct Rows {
    let batch: ColumnBatch
    let keys: RowKeys?
    let days: [Day]

    init(_ batch: ColumnBatch, of dataset: Dataset) throws {
      for (given, due) in zip(batch.schema.fields, dataset.schema.fields) where given.name != due.name {
        throw TokyoDataError(
          .unknownColumn, "the dataset has \(due.name) in its place", context: .init(column: given.name))
      }
      // Whether a column may hold nulls is the dataset's to say, not the caller's.
      self.batch = try ColumnBatch(schema: dataset.schema, columns: batch.columns, rowCount: batch.rowCount)
      keys = dataset.primaryKey.isEmpty ? nil : try RowKeys(self.batch, columns: dataset.primaryKey)
      days = try Self.days(of: self.batch, dataset)
    }

    private init(batch: ColumnBatch, keys: RowKeys?, days: [Day]) {
      self.batch = batch
      self.keys = keys
      self.days = days
    }

    /// Some of the rows, to be added; they need no keys any more.
    func gathering(_ rows: [Int]) throws(ColumnError) -> Rows {
      Rows(batch: try batch.gathering(rows), keys: nil, days: rows.map { days[$0] })
    }

    func requiredKeys() throws(TokyoDataError) -> RowKeys {
      guard let keys else {
        throw TokyoDataError(.unsupported, "the dataset has no primary key, so its rows cannot be told apart")
      }
      return keys
    }

    func byDay() throws(ColumnError) -> [Day: ColumnBatch] {
      guard let first = days.first else { return [:] }
      if days.allSatisfy({ $0 == first }) { return [first: batch] }
      var rows: [Day: [Int]] = [:]
      for (row, day) in days.enumerated() { rows[day, default: []].append(row) }
      var batches: [Day: ColumnBatch] = [:]
      for (day, rows) in rows { batches[day] = try batch.gathering(rows) }
      return batches
    }

    private static func days(of batch: ColumnBatch, _ dataset: Dataset) throws(ColumnError) -> [Day] {
      guard let timeColumn = dataset.timeColumn else {
        return Array(repeating: HotView.undated, count: batch.rowCount)
      }
      let times = try batch.column(timeColumn)
      return switch times.storage {
      case .int32(let values): values.map(Day.init(daysSince1970:))
      case .int64(let values): values.map { Timestamp(microsecondsSince1970: $0).day }
      default: []
      }
    }
  }
}
