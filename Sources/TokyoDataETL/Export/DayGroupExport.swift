internal import TokyoDataLake

/// Exports the days of one snapshot and publishes them together.
struct DayGroupExport {
  let etl: ETL
  let run: any LedgerRun
  let snapshot: any ExportSnapshot
  /// Days of earlier groups, and of all groups, for progress.
  var done = 0
  var total = 1

  func export(_ items: [ExportPlan.Item]) async throws -> [DayReport] {
    guard !items.isEmpty else { return [] }
    let coverage = try await snapshot.coverage()
    var publications: [DayPublication] = []
    var reports: [DayReport] = []
    for item in items {
      try Task.checkCancellation()
      let copy = coverage.version(of: item.day)
      let outcome = try await within("export", of: run.dataset.name, day: item.day) {
        try await export(item, over: copy)
      }
      switch outcome {
      case .new(let version):
        publications.append(
          DayPublication(day: item.day, base: item.base, version: version, marks: item.marks))
        reports.append(report(item, .exported, version))
      case .same:
        if !item.marks.isEmpty {
          publications.append(DayPublication(day: item.day, base: item.base, version: nil, marks: item.marks))
        }
        reports.append(report(item, .unchanged, copy))
      case .unexplained:
        try await run.declareSuspect(item.day)
        reports.append(report(item, .suspect, copy))
      }
      etl.report(.export, run.dataset.name, item.day, done + reports.count, of: total)
    }
    try await publish(publications)
    return reports
  }

  private enum Outcome {
    case new(VersionRecord)
    case same
    case unexplained
  }

  /// A day that has a copy of the same schema is compared first: equal rows need no new version, and a
  /// difference that no mark explains must not become one.
  private func export(_ item: ExportPlan.Item, over copy: VersionRecord?) async throws -> Outcome {
    if let copy, copy.schemaFingerprint == run.dataset.schemaFingerprint {
      var hash = RowHash()
      try await read(item.day) { hash.add($0) }
      if hash == copy.rowHash { return .same }
      if run.dataset.isDated, item.marks.isEmpty { return .unexplained }
    }
    return .new(try await write(item.day))
  }

  /// Records a version, writes it, and checks what can be read back.
  private func write(_ day: Day) async throws -> VersionRecord {
    let blank = etl.lake.newVersion(
      of: run.dataset, day: day, id: VersionID(at: snapshot.asOf), snapshot: snapshot.id,
      exportedAt: snapshot.asOf)
    try await run.record(blank)
    let onStep = etl.options.onStep
    let writer = try VersionWriter(blank, of: run.dataset, to: etl.lake, run: run.id) { step in
      ExportStep(step).map(onStep)
    }
    do {
      var isFirst = true
      try await read(day) { batch in
        if isFirst { etl.options.onStep(.firstRows) }
        isFirst = false
        try await writer.write(batch)
      }
      let written = try await writer.finish()
      try await VersionChecker(etl.lake, run.dataset).check(written)
      return written
    } catch {
      await writer.abort()
      throw error
    }
  }

  private func read(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
    if run.dataset.isDated {
      try await snapshot.readDay(day, consume)
    } else {
      try await snapshot.readAll(consume)
    }
  }

  private func publish(_ publications: [DayPublication]) async throws {
    guard !publications.isEmpty else { return }
    try await register(publications.compactMap(\.version))
    etl.options.onStep(.beforePublish)
    try await run.publish(publications)
    etl.options.onStep(.afterPublish)
    try await etl.showCurrent(of: run.dataset)
  }

  /// A partition that is missing from a catalog would read as zero rows, so it is read back first.
  private func register(_ versions: [VersionRecord]) async throws {
    let partitions = versions.map { CatalogPartition($0, of: run.dataset) }
    try await etl.lake.catalog.add(partitions, of: run.dataset)
    let there = try await etl.lake.catalog.partitions(of: versions, in: run.dataset)
    guard Set(there) == Set(partitions) else {
      throw TokyoDataError(.verificationFailed, "the catalog does not give back the partitions it was given")
    }
  }

  private func report(
    _ item: ExportPlan.Item, _ outcome: DayReport.Outcome, _ version: VersionRecord?
  ) -> DayReport {
    DayReport(
      day: item.day, outcome: outcome, version: version?.id, rows: version?.rowHash.rowCount,
      bytes: version?.bytes)
  }
}

extension ExportStep {
  /// The step of an export at which the writing of a version stands; none for the file's first four bytes.
  fileprivate init?(_ step: VersionWriteStep) {
    switch step {
    case .midFile: self = .middleOfFile
    case .filesWritten: self = .filesWithoutManifest
    case .manifestWritten: self = .manifestWithoutPartition
    default: return nil
    }
  }
}
