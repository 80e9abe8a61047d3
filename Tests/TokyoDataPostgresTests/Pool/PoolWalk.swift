import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// Plays a shell that does everything late and in random order, and checks what must always hold.
struct PoolWalk {
  typealias State = PoolState<Int>

  struct Violation: Error, CustomStringConvertible {
    var description: String
  }

  var pool: State
  private let maximum: Int
  private var random: SplitMix64
  private var now = PoolMoment.zero
  /// What the shell has to report.
  private var attempts = 0
  private var checks: [Int] = []
  private var closings: [Int] = []
  /// Who has what, as told by the actions.
  private var lent: [(request: PoolRequest, id: Int)] = []
  private var waiting: [PoolRequest] = []
  private var answered: Set<UInt64> = []
  private var lastID = 0
  private var hasFinished = false
  private var isReachable = true
  private(set) var grants = 0
  private(set) var failures: [PoolFailure: Int] = [:]

  init(_ configuration: PostgresPoolConfiguration, seed: UInt64) {
    pool = State(configuration, seed: seed)
    maximum = configuration.clamped.maximumConnections
    random = SplitMix64(seed: seed ^ 0xABCD)
  }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func take<Element>(_ list: WritableKeyPath<PoolWalk, [Element]>) -> Element? {
    let count = self[keyPath: list].count
    guard count > 0 else { return nil }
    return self[keyPath: list].remove(at: Int.random(in: 0..<count, using: &random))
  }

  /// One event of any kind.
  mutating func step() throws {
    if chance(30) { now += .milliseconds(Int.random(in: 0...400, using: &random)) }
    if chance(1) { isReachable.toggle() }
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<34: try lease()
    case 34..<58: try giveBack()
    case 58..<74: try finishAttempt()
    case 74..<80: try finishCheck()
    case 80..<88: try finishClosing()
    case 88..<92:
      if let request = waiting.randomElement(using: &random) {
        guard pool.cancel(request) else { throw Violation(description: "a waiter cannot leave") }
        waiting.removeAll { $0 == request }
        try answer(request)
      }
    case 92..<93: try follow(pool.keep(at: now))
    default: try tick()
    }
    try check()
  }

  /// Shuts down and reports whatever is left: nobody may be forgotten.
  mutating func finish() throws {
    try follow(pool.shutDown(by: now + .seconds(1), at: now))
    guard waiting.isEmpty else { throw Violation(description: "waiters outlive the pool") }
    var rounds = 0
    while !hasFinished {
      rounds += 1
      guard rounds < 1_000 else { throw Violation(description: "the pool does not finish") }
      try finishAttempt()
      try finishCheck()
      try finishClosing()
      if rounds > 20 {
        now += .seconds(1)
        try tick()
      }
      try check()
    }
    guard pool.records.isEmpty, pool.total == 0 else { throw Violation(description: "a connection is left") }
  }

  private mutating func lease() throws {
    let (lease, actions) = pool.lease(at: now)
    switch lease {
    case .granted(let request, let id):
      guard waiting.isEmpty else { throw Violation(description: "a lease overtakes those that wait") }
      try grant(request, id)
    case .waits(let request): waiting.append(request)
    case .refused(let failure): failures[failure, default: 0] += 1
    }
    try follow(actions)
  }

  private mutating func giveBack() throws {
    guard let (request, id) = take(\.lent) else { return }
    if chance(10) {
      answered.remove(request.number)
      waiting.append(request)
      waiting.sort { $0.number < $1.number }
      let (lease, actions) = pool.retry(request, insteadOf: id, at: now)
      guard lease == .waits(request) else { throw Violation(description: "a retry ends in \(lease)") }
      try follow(actions)
    } else {
      try follow(pool.giveBack(id, isReusable: !chance(10), at: now))
    }
  }

  private mutating func finishAttempt() throws {
    guard attempts > 0 else { return }
    attempts -= 1
    guard isReachable, !chance(5) else { return try follow(pool.openFailed(at: now)) }
    lastID += 1
    try follow(pool.opened(lastID, at: now))
  }

  private mutating func finishCheck() throws {
    guard let id = take(\.checks) else { return }
    try follow(pool.checked(id, isAlive: chance(80), at: now))
  }

  private mutating func finishClosing() throws {
    guard let id = take(\.closings) else { return }
    try follow(pool.closed(id, at: now))
  }

  private mutating func tick() throws {
    if let due = pool.nextTick, chance(50) { now = max(now, due) }
    try follow(pool.tick(at: now))
    if let next = pool.nextTick, next <= now { throw Violation(description: "a tick leaves work for itself") }
  }

  private mutating func answer(_ request: PoolRequest) throws {
    guard answered.insert(request.number).inserted else { throw Violation(description: "answered twice") }
  }

  private mutating func grant(_ request: PoolRequest, _ id: Int) throws {
    guard !lent.contains(where: { $0.id == id }), pool.records[id]?.phase == .lent else {
      throw Violation(description: "a connection is lent twice")
    }
    try answer(request)
    lent.append((request, id))
    grants += 1
  }

  private mutating func follow(_ actions: [State.Action]) throws {
    for action in actions {
      switch action {
      case .open: attempts += 1
      case .check(let id): checks.append(id)
      case .close(let id, _):
        lent.removeAll { $0.id == id }
        closings.append(id)
      case .grant(let request, let id):
        guard waiting.first == request else { throw Violation(description: "served out of order") }
        waiting.removeFirst()
        try grant(request, id)
      case .fail(let request, let failure):
        guard waiting.first == request else { throw Violation(description: "failed out of order") }
        waiting.removeFirst()
        failures[failure, default: 0] += 1
        try answer(request)
      case .finish:
        guard !hasFinished else { throw Violation(description: "finished twice") }
        hasFinished = true
      }
    }
  }

  /// What must hold after every event.
  private func check() throws {
    func require(_ condition: Bool, _ words: String) throws {
      if !condition { throw Violation(description: words) }
    }
    try require(pool.total <= maximum, "more connections than the maximum")
    try require(pool.opening == attempts, "attempts are miscounted")
    try require(pool.line.requests == waiting, "the line is not who waits")
    try require(pool.line.count == waiting.count, "the line miscounts")
    let phases = pool.records.values.map(\.phase)
    try require(pool.records.count + attempts == pool.total, "a connection is in no state, or in two")
    try require(phases.count { $0 == .idle } == pool.idle.count, "idle ones are miscounted")
    try require(pool.idle.allSatisfy { pool.records[$0]?.phase == .idle }, "an idle one is not")
    try require(phases.count { $0 == .lent } == lent.count && pool.lent == lent.count, "lent ones")
    try require(phases.count { $0 == .checking } == checks.count, "checked ones are miscounted")
    try require(phases.count { $0 == .closing } == closings.count, "closed ones are miscounted")
    let used = pool.idle.compactMap { pool.records[$0]?.usedAt }
    try require(used == used.sorted(), "idle ones are not in the order of their use")
    guard pool.hasUnserved else { return }
    try require(pool.idle.isEmpty, "one waits while another connection idles")
    try require(
      pool.total == maximum || pool.failures > 0, "one waits though a connection could be opened")
    try require(
      pool.failures == 0 || attempts > 0 || pool.total == maximum || pool.nextTick != nil,
      "nobody would wake those that wait")
  }
}
