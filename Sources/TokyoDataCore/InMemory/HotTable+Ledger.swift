/// The ledger's rules. Each looks first and changes then, so what throws has changed nothing.
extension HotTable {
  /// Takes a newer definition of the dataset: its columns may be others where there are no rows, and more of
  /// them, of nulls for the rows that there are.
  mutating func redefine(_ dataset: Dataset) throws(TokyoDataError) {
    let old = view.dataset
    guard dataset != old else { return }
    let added = dataset.schema.fields.dropFirst(old.schema.count)
    let isGrown =
      dataset.schema.fields.prefix(old.schema.count) == old.schema.fields[...]
      && added.allSatisfy(\.isNullable)
    guard isGrown || view.days.values.allSatisfy({ $0.rowCount == 0 }), dataset.primaryKey == old.primaryKey,
      dataset.timeColumn == old.timeColumn
    else {
      throw TokyoDataError(
        .unsupported, "the dataset is installed with other columns, key or time column",
        context: .init(store: InMemoryHotStore.shortName, dataset: dataset.name))
    }
    if isGrown, !added.isEmpty {
      for day in view.days.keys {
        do throws(ColumnError) { try view.days[day]?.grow(to: dataset.schema) } catch {
          throw TokyoDataError(error, context: .init(dataset: dataset.name, day: day))
        }
      }
      revise()
    }
    view.dataset = dataset
    changeCoverage()
  }

  mutating func record(_ version: VersionRecord, by run: RunID, at now: Timestamp) throws(TokyoDataError) {
    guard view.versions[version.id] == nil else {
      throw conflict("the version is recorded already", version.day)
    }
    var version = version
    version.state = .ready
    view.versions[version.id] = version
    recorded[version.id] = (now, run)
  }

  mutating func publish(_ days: [DayPublication], at now: Timestamp) throws(TokyoDataError) {
    guard Set(days.map(\.day)).count == days.count else {
      throw TokyoDataError(.invalidArgument, "a publish names a day twice", context: place())
    }
    for publication in days { try check(publication) }
    for publication in days {
      view.marks.subtract(publication.marks)
      guard var version = publication.version else { continue }
      if let replaced = publication.base.version { retireVersion(replaced, at: now) }
      version.state = .current
      version.unusedSince = nil
      view.versions[version.id] = version
      view.states[publication.day] = DayCoverage(day: publication.day, state: .both, version: version.id)
    }
    changeCoverage()
  }

  private func check(_ publication: DayPublication) throws(TokyoDataError) {
    let (day, current) = (publication.day, view.state(of: publication.day))
    guard publication.base == current else {
      throw conflict("the day is no longer what the export began from", day)
    }
    guard current.state == .hot || current.state == .both else {
      throw conflict("a \(current.state) day cannot be published from hot", day)
    }
    guard let version = publication.version else { return }
    guard version.day == day else {
      throw TokyoDataError(.invalidArgument, "the version is of another day", context: place(day))
    }
    guard view.versions[version.id]?.state == .ready else {
      throw conflict("the version is not ready: unknown, condemned or published before", day)
    }
  }

  mutating func noteVerified(_ version: VersionID, at instant: Timestamp) throws(TokyoDataError) {
    try requireVersion(version)
    view.versions[version]?.verifiedAt = instant
  }

  mutating func declareSuspect(_ day: Day) throws(TokyoDataError) {
    guard view.state(of: day).state == .both else { throw conflict("the day is not both", day) }
    view.states[day]?.state = .suspect
    changeCoverage()
  }

  mutating func resolve(
    _ day: Day, keeping side: SuspectResolution, at now: Timestamp
  ) throws(TokyoDataError) {
    let suspect = view.state(of: day)
    guard suspect.state == .suspect else { throw conflict("the day is not suspect", day) }
    switch side {
    case .copy: view.states[day]?.state = .cold
    case .hot:
      view.states[day] = nil
      if let version = suspect.version { retireVersion(version, at: now) }
    }
    changeCoverage()
  }

  mutating func condemn(grace: Duration, sparing run: RunID, at now: Timestamp) -> [VersionRecord] {
    for (id, version) in view.versions {
      let isOver =
        switch version.state {
        case .unused: isPast(version.unusedSince, by: grace, at: now)
        case .ready: recorded[id]?.run != run && isPast(recorded[id]?.at, by: grace, at: now)
        case .current, .condemned: false
        }
      if isOver { view.versions[id]?.state = .condemned }
    }
    return view.versions.values
      .filter { $0.state == .condemned && $0.collectedAt == nil }.sorted { $0.id < $1.id }
  }

  mutating func noteCollected(_ version: VersionID, at now: Timestamp) throws(TokyoDataError) {
    try requireVersion(version)
    guard view.versions[version]?.state == .condemned else {
      throw conflict("the version is not condemned", view.versions[version]?.day)
    }
    view.versions[version]?.collectedAt = now
  }

  /// Makes a both day cold whose rows have just been removed, proven equal to its version.
  mutating func makeCold(_ day: Day, explaining marks: Set<Mark>) {
    view.states[day]?.state = .cold
    view.marks.subtract(marks)
    changeCoverage()
  }

  private mutating func changeCoverage() {
    view.changeEpoch()
    revise()
  }

  private mutating func retireVersion(_ version: VersionID, at now: Timestamp) {
    view.versions[version]?.state = .unused
    view.versions[version]?.unusedSince = now
  }

  private func isPast(_ instant: Timestamp?, by grace: Duration, at now: Timestamp) -> Bool {
    guard let instant else { return false }
    return Duration.microseconds(instant.microseconds(until: now)) >= grace
  }

  private func requireVersion(_ version: VersionID) throws(TokyoDataError) {
    guard view.versions[version] != nil else {
      throw TokyoDataError(.notFound, "the ledger has no such version", context: place())
    }
  }

  func conflict(_ message: String, _ day: Day?) -> TokyoDataError {
    TokyoDataError(.conflict, message, context: place(day))
  }

  private func place(_ day: Day? = nil) -> TokyoDataError.Context {
    .init(store: InMemoryHotStore.shortName, dataset: view.dataset.name, day: day)
  }
}
