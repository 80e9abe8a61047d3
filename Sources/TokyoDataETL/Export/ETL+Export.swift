internal import TokyoDataLake

extension ETL {
  /// Copies days of a dataset to the lake and publishes them.
  ///
  /// Days go in groups, each read in one snapshot and published in one transaction; at the end versions
  /// that nobody names any more are collected. A dry run reads days and marks, and writes nothing.
  ///
  /// - Throws: `TokyoDataError.busy` while another run of the dataset is under way; `.unsupported`, with the
  ///   reasons, where the dataset's columns no longer go with those of days that only the lake holds; the
  ///   first error of a day, which names it. Groups that were published before it stay published.
  /// - Cancellation: the group under way is not published.
  public func export(
    _ dataset: DatasetName, _ mode: ExportMode = .incremental, dryRun: Bool = false
  ) async throws -> ExportReport {
    try await within("export", of: dataset) {
      if dryRun { return try await planOnly(dataset, mode) }
      return try await ledger.withRun(of: dataset, .export) { run in
        try await requireReadableCopies(of: run.dataset)
        var report = ExportReport(dataset: dataset, isDryRun: false, days: [], collected: [])
        if run.dataset.isDated {
          try await exportDays(mode, in: run, into: &report)
        } else {
          try await exportWhole(in: run, into: &report)
        }
        report.collected = try await collect(in: run, grace: options.grace)
        return report
      }
    }
  }

  private func planOnly(_ dataset: DatasetName, _ mode: ExportMode) async throws -> ExportReport {
    let plan = try await source.withExportSnapshot(of: dataset) { snapshot in
      ExportPlan(mode, facts: try await facts(of: snapshot, openWriters: []), options: options)
    }
    var days = plan.left.map { DayReport(day: $0.key, outcome: $0.value) }
    days += plan.items.map { DayReport(day: $0.day, outcome: .planned, version: $0.base.version) }
    return ExportReport(
      dataset: dataset, isDryRun: true, days: days.sorted { $0.day < $1.day }, collected: [])
  }

  private func exportDays(
    _ mode: ExportMode, in run: any LedgerRun, into report: inout ExportReport
  ) async throws {
    var done: Set<Day> = []
    var finished: [Day: DayReport] = [:]
    // Only a first export must wait for writers, and only a snapshot tells whether there is one to make: so
    // the first look waits for nobody, and days that open writers hold up get a second one.
    var patience = Duration.zero
    while true {
      // Writers are noted before the snapshot: whoever wrote a day that now ends must have committed.
      let writers = try await source.waitForWriters(of: run.dataset.name, atMost: patience)
      let (isLast, isHeldUp) = try await source.withExportSnapshot(of: run.dataset.name) { snapshot in
        let plan = ExportPlan(
          mode, facts: try await facts(of: snapshot, openWriters: writers), options: options)
        for day in plan.suspects where done.insert(day).inserted { try await run.declareSuspect(day) }
        for (day, outcome) in plan.left { finished[day] = DayReport(day: day, outcome: outcome) }
        let due = plan.items.filter { !done.contains($0.day) }
        let group = Array(due.prefix(options.daysPerSnapshot))
        let reports = try await DayGroupExport(
          etl: self, run: run, snapshot: snapshot, done: done.count, total: done.count + due.count
        ).export(group)
        for day in reports { finished[day.day] = day }
        done.formUnion(group.map(\.day))
        return (due.count == group.count, plan.isHeldUpByWriters)
      }
      guard isLast else { continue }
      guard isHeldUp, patience < options.writerWait else { break }
      patience = options.writerWait
    }
    report.days = finished.values.sorted { $0.day < $1.day }
  }

  private func exportWhole(in run: any LedgerRun, into report: inout ExportReport) async throws {
    let unit = Dataset.undatedUnit
    report.days = try await source.withExportSnapshot(of: run.dataset.name) { snapshot in
      let base = try await snapshot.coverage().days[unit]
      let item = ExportPlan.Item(
        day: unit, base: base ?? DayCoverage(day: unit, state: .hot, version: nil), marks: [],
        isEmpty: false)
      return try await DayGroupExport(etl: self, run: run, snapshot: snapshot).export([item])
    }
  }

  private func facts(
    of snapshot: any ExportSnapshot, openWriters: [OpenWriter]
  ) async throws -> ExportPlan.Facts {
    ExportPlan.Facts(
      dataset: snapshot.dataset, asOf: snapshot.asOf, coverage: try await snapshot.coverage(),
      marks: try await snapshot.marks(), rows: try await snapshot.finishedDays(), openWriters: openWriters)
  }
}
