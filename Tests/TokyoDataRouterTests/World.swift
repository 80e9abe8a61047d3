@testable import TokyoDataRouter

/// A hot and a cold store in memory, with just enough of an export to move days between them.
struct World {
  let hot: InMemoryHotStore
  let cold = InMemoryColdStore()

  init() async throws {
    hot = InMemoryHotStore(now: { Sales.now })
    try await hot.install(try Sales.dataset)
  }

  var router: Router { Router(hot: hot, cold: cold) }

  func write(_ rows: [[ColumnValue]]) async throws {
    guard !rows.isEmpty else { return }
    let (batch, name) = (try Sales.batch(rows), try Sales.name)
    try await hot.withTransaction { try await $0.upsert(batch, into: name) }
  }

  /// Copies a day and publishes the copy.
  @discardableResult
  func export(_ day: Day) async throws -> VersionID {
    let name = try Sales.name
    let (base, marks, rows) = try await hot.withExportSnapshot(of: name) { snapshot in
      let coverage = try await snapshot.coverage()
      var rows: [[ColumnValue]] = []
      try await snapshot.readDay(day) { batch in
        for row in 0..<batch.rowCount { rows.append(batch.row(row)) }
      }
      let marks = try await snapshot.marks().filter { $0.day == day }
      return (coverage.days[day] ?? DayCoverage(day: day, state: .hot, version: nil), marks, rows)
    }
    var record = try VersionRecord.sales(of: day, rows: rows)
    record.state = .ready
    record = cold.add(record, rows: [try Sales.batch(rows)])
    try await hot.withRun(of: name, .export) { [record] run in
      try await run.record(record)
      try await run.publish([DayPublication(day: day, base: base, version: record, marks: marks)])
      try await run.noteVerified(record.id, at: Sales.now)
    }
    return record.id
  }

  /// Exports a day and removes its rows from hot.
  func retire(_ day: Day) async throws {
    try await export(day)
    let name = try Sales.name
    let version = try await hot.coverage(of: name).version(of: day)
    guard let version else { throw TokyoDataError(.internal, "the day was exported just now") }
    let outcome = try await hot.retire(
      day, of: name, version: version.id, expecting: version.rowHash, step: { _ in })
    guard case .retired = outcome else { throw TokyoDataError(.internal, "the day did not retire") }
  }

  func declareSuspect(_ day: Day) async throws {
    try await export(day)
    try await hot.withRun(of: try Sales.name, .verify) { try await $0.declareSuspect(day) }
  }

  /// Condemns every version that is not current and deletes its rows.
  func collect() async throws {
    let gone = try await hot.withRun(of: try Sales.name, .collect) { try await $0.condemn(grace: .zero) }
    for version in gone { cold.remove(version.id) }
  }
}

extension ColumnBatch {
  /// The rows as values, in order.
  var rows: [[ColumnValue]] { (0..<rowCount).map(row) }

  /// The ids of a result of rows, sorted.
  var ids: [Int64] {
    rows.compactMap { row in if case .int(let id) = row[0] { id } else { nil } }.sorted()
  }
}
