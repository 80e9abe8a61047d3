/// The queries that somebody waits for: when to look at each again, and when to wait no longer.
///
/// It decides and does nothing.
struct WatchList {
  /// How long a query may be in a state, all its stays in it together.
  struct Limits: Hashable, Sendable {
    var queue: Duration
    var run: Duration
  }

  /// What became of a query.
  enum End: Sendable {
    case ended(AthenaQuery)
    /// It was too long in the queue, or ran too long.
    case expired(Phase)
    /// It cannot be looked up.
    case lost(any Error)
  }

  enum Phase: Sendable, Hashable { case queue, run }

  enum Step: Sendable, Equatable {
    /// Look at these, no more than a batch takes.
    case look([String])
    case wait(until: Duration)
    case nothing
  }

  /// The first look, and the least time between two: an answer that is there already is not waited for.
  static let first: Duration = .milliseconds(20)
  static let shortest: Duration = .milliseconds(40)
  static let longest: Duration = .seconds(2)
  /// A query is looked at again after this part of its age: so much longer than it ran the caller waits at most.
  static let part = 32
  /// What is due so soon comes along with what is due: a call takes no longer for it.
  static let slack: Duration = .milliseconds(20)
  /// The least time between two looks for long, and how many may come sooner: half of Athena's usual quotas, which are
  /// for all programs of an account.
  static let distance: Duration = .milliseconds(100)
  static let burst = 20

  private struct Entry {
    let id: String
    let limits: Limits
    let began: Duration
    var phase = Phase.queue
    var phaseBegan: Duration
    var spent: [Phase: Duration] = [:]
    /// When it is looked at again, and how long the pause until then is.
    var due: Duration
    var pause: Duration
    var isUnderWay = false

    /// From when on it comes along with others: so those of one age soon have their looks together.
    var mayCome: Duration { due - max(WatchList.slack, pause / 2) }

    /// When its time in the phase is over.
    var end: Duration {
      let limit = phase == .queue ? limits.queue : limits.run
      return phaseBegan + max(.zero, limit - (spent[phase] ?? .zero))
    }
  }

  private var entries: [Int: Entry] = [:]
  /// When looks would be at their distance again, as if none had come early.
  private var settled: Duration = .zero

  /// Begins to watch a query for a waiter.
  mutating func add(_ waiter: Int, _ id: String, _ limits: Limits, now: Duration) {
    entries[waiter] = Entry(
      id: id, limits: limits, began: now, phaseBegan: now, due: now + Self.first, pause: Self.first)
  }

  mutating func remove(_ waiter: Int) { entries[waiter] = nil }

  /// What is to be done now.
  mutating func step(now: Duration) -> Step {
    guard !entries.isEmpty else { return .nothing }
    let idle = entries.filter { !$0.value.isUnderWay }.sorted {
      ($0.value.due, $0.key) < ($1.value.due, $1.key)
    }
    let free = settled - Self.distance * Self.burst
    if let first = idle.first, first.value.due <= now, free <= now {
      settled = max(settled, now) + Self.distance
      var ids: [String] = []
      for (waiter, entry) in idle where entry.mayCome <= now {
        if !ids.contains(entry.id) {
          guard ids.count < AthenaLimit.batch.most else { break }
          ids.append(entry.id)
        }
        entries[waiter]?.isUnderWay = true
      }
      return .look(ids)
    }
    let due = idle.first.map { max($0.value.due, free) }
    let end = entries.values.map(\.end).min()
    return [due, end].compactMap(\.self).min().map(Step.wait) ?? .nothing
  }

  /// Those whose time is over.
  mutating func expire(now: Duration) -> [(waiter: Int, end: End)] {
    let over = entries.filter { $0.value.end <= now }
    for waiter in over.keys { entries[waiter] = nil }
    return over.map { ($0.key, .expired($0.value.phase)) }
  }

  /// What a look showed.
  mutating func see(_ query: AthenaQuery, now: Duration) -> [(waiter: Int, end: End)] {
    var ends: [(Int, End)] = []
    for (waiter, entry) in entries where entry.id == query.queryExecutionId {
      guard !query.status.state.isFinal else {
        entries[waiter] = nil
        ends.append((waiter, .ended(query)))
        continue
      }
      var entry = entry
      // A query that runs may go back to the queue; its time there counts on.
      let phase: Phase = query.status.state == .queued ? .queue : .run
      if phase != entry.phase {
        entry.spent[entry.phase, default: .zero] += now - entry.phaseBegan
        (entry.phase, entry.phaseBegan) = (phase, now)
      }
      entry.pause = min(max((now - entry.began) / Self.part, Self.shortest), Self.longest)
      entry.due = now + entry.pause
      entry.isUnderWay = false
      entries[waiter] = entry
    }
    return ends
  }

  /// A look at these showed nothing, and is to be tried again later.
  mutating func postpone(_ ids: [String], until due: Duration) {
    for (waiter, entry) in entries where entry.isUnderWay && ids.contains(entry.id) {
      entries[waiter]?.due = due
      // Not before, whoever else is looked at.
      entries[waiter]?.pause = .zero
      entries[waiter]?.isUnderWay = false
    }
  }

  /// These cannot be looked up.
  mutating func lose(_ ids: [String], _ error: any Error) -> [(waiter: Int, end: End)] {
    let lost = entries.filter { ids.contains($0.value.id) }
    for waiter in lost.keys { entries[waiter] = nil }
    return lost.map { ($0.key, .lost(error)) }
  }
}
