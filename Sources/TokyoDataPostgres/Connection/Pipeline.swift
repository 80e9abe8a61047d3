internal import TokyoDataCore

/// The statements of many tasks on one session: those that wait to be sent and those whose answers are due.
struct Pipeline {
  /// What the server was sent as one group.
  enum Command {
    /// A statement that several tasks may wait for to be known.
    case prepare(StatementPreparation)
    case run(PipelinedStatement)
    /// A statement that made room for another; whether the server forgets it matters to nobody.
    case forget
  }

  var waiting: [PipelinedStatement] = []
  /// Sent, in the order in which their answers come.
  private(set) var sent: ArraySlice<Command> = []
  private(set) var preparations: [StatementCache.Key: StatementPreparation] = [:]
  /// The wire is in pipeline mode and takes statements.
  var isOpen = false
  /// Somebody waits for the turn to open it.
  var isOpening = false
  /// The statement that is being run was given up: until then its cancellation may take.
  var cancelDeadline: ContinuousClock.Instant?
  /// A cancel request went out, which may have hit a neighbor.
  var hasCanceled = false
  /// Statements that were canceled and have ended, while the request to cancel is still under way: whoever gave
  /// one up is promised a session of which nothing is left.
  var lingering: [PipelinedStatement] = []
  /// One of its statements has a deadline.
  private(set) var hasDeadlines = false
  var sentCount: Int { sent.count }
  var head: Command? { sent.first }

  mutating func add(_ statement: PipelinedStatement) {
    if waiting.isEmpty, sent.isEmpty { hasDeadlines = false }
    hasDeadlines = hasDeadlines || statement.order.deadline != nil
    waiting.append(statement)
  }

  mutating func note(_ command: Command) {
    if case .prepare(let preparation) = command { preparations[preparation.key] = preparation }
    sent.append(command)
  }

  mutating func endCommand() -> Command? {
    guard let command = sent.popFirst() else { return nil }
    if case .prepare(let preparation) = command { preparations[preparation.key] = nil }
    return command
  }

  /// The statement waits, or its answer is due.
  func contains(_ number: UInt64) -> Bool {
    if case .run(let running) = head, running.order.number == number { return true }
    return all.contains { $0.order.number == number }
  }

  func isHead(_ statement: PipelinedStatement) -> Bool {
    switch head {
    case .run(let running): running === statement
    case .prepare(let preparation): preparation.followers.contains { $0 === statement }
    case .forget, nil: false
    }
  }

  /// Nobody waits for what the server is doing.
  var isHeadAbandoned: Bool {
    switch head {
    case .run(let running): running.abandonment != nil
    case .prepare(let preparation): preparation.followers.allSatisfy { $0.abandonment != nil }
    case .forget, nil: false
    }
  }

  /// Everything that is still to be answered, as it leaves.
  mutating func takeAll() -> (waiting: [PipelinedStatement], sent: [PipelinedStatement]) {
    defer { (waiting, sent, preparations, lingering, cancelDeadline) = ([], [], [:], [], nil) }
    let running = sent.flatMap { command in
      switch command {
      case .run(let statement): [statement]
      case .prepare, .forget: [PipelinedStatement]()
      }
    }
    return (waiting + preparations.values.flatMap(\.followers), running + lingering)
  }

  /// Those that are not sent, or whose answers are due.
  var all: [PipelinedStatement] {
    var all = waiting
    for preparation in preparations.values { all += preparation.followers }
    for case .run(let statement) in sent { all.append(statement) }
    return all
  }
}

/// A statement on its way to being known, and those that run once it is.
final class StatementPreparation {
  let key: StatementCache.Key
  let name: String
  var followers: [PipelinedStatement]
  var columns: [ServerResult.Column] = []
  var failure: PostgresError?

  init(_ key: StatementCache.Key, name: String, first: PipelinedStatement) {
    self.key = key
    self.name = name
    followers = [first]
  }
}

/// One statement of one task in a pipeline.
final class PipelinedStatement {
  enum Answer: Sendable {
    case rows(ColumnBatch)
    /// The rows that were changed or returned.
    case count(Int)
  }

  let order: StatementOrder
  private(set) var isAnswered = false

  var plan: ResultPlan?
  var answer: Answer?
  var failure: (any Error)?
  /// The answer to its transaction's settings comes first.
  var isBehindSetup = false
  /// Why its task no longer waits for it.
  var abandonment: (any Error)?
  /// It was sent a second time already.
  var isSecondTry = false

  init(_ order: StatementOrder) {
    self.order = order
  }

  var key: StatementCache.Key { order.key }

  /// Lets the task go on, the first time that it is called.
  func resume(with result: Result<Answer, any Error>) {
    guard !isAnswered else { return }
    isAnswered = true
    order.continuation.resume(with: result)
  }

  func fail(_ error: any Error) { resume(with: .failure(abandonment ?? error)) }
}
