internal import TokyoDataCore

/// Who has which connection and who waits: a state machine without connections, tasks or clocks.
///
/// Every event takes the moment it happens at and returns what the shell is to do about it. The rules:
///
/// - Connections that are opened, checked, idle, lent or not yet closed count toward the maximum.
/// - Requests are served strictly in order. One whose connection turns out dead returns to its old place.
/// - After a failed attempt to connect only one is made at a time, each after a longer pause, however many
///   wait. Requests stay in line meanwhile, until their timeout; if they have none, or if the pool never had
///   a connection, so that the configuration may be wrong, they fail with the attempt.
struct PoolState<ID: Hashable & Sendable>: Sendable {
  enum Action: Hashable, Sendable {
    /// Open a connection; then report `opened` or `openFailed`.
    case open
    /// Ask a connection whether it is alive; then report `checked`.
    case check(ID)
    /// The request has its connection.
    case grant(PoolRequest, ID)
    case fail(PoolRequest, PoolFailure)
    /// Close a connection; then report `closed`.
    case close(ID, CloseReason)
    /// The pool is shut down and its last connection closed.
    case finish
  }

  enum Lease: Hashable, Sendable {
    case granted(PoolRequest, ID)
    /// An action will name the request.
    case waits(PoolRequest)
    case refused(PoolFailure)
  }

  enum Phase: Hashable, Sendable {
    case idle
    case checking
    case lent
    case closing
  }

  struct Record: Sendable {
    var phase: Phase
    /// When somebody last had it.
    var usedAt: PoolMoment
    /// When it last was known to be alive.
    var provenAt: PoolMoment
    /// The end of its life.
    var retiresAt: PoolMoment?
  }

  let configuration: PostgresPoolConfiguration
  var jitter: SplitMix64
  var records: [ID: Record] = [:]
  /// The most recently used last: it is the likeliest to be alive, the others may age.
  var idle: [ID] = []
  var line = WaitingLine()
  var lastNumber: UInt64 = 0
  /// How many connections are in each state; `idle` and `line` count themselves.
  var opening = 0
  var checking = 0
  var lent = 0
  var closing = 0

  /// Attempts to connect that failed since the last that did not.
  var failures = 0
  /// No attempt before this moment; of use only after a failure.
  var retryAt = PoolMoment.zero
  /// The pool has had a connection: the configuration is right.
  var hasOpened = false
  /// The minimum of connections is to be kept.
  var keepsMinimum = false
  /// Somebody wakes this pool when it asks for it, not only for those who wait.
  var isKept = false
  /// When upkeep has something to do, at the earliest.
  var upkeepAt: PoolMoment?

  var isShutDown = false
  var shutdownDeadline: PoolMoment?
  var hasFinished = false

  init(_ configuration: PostgresPoolConfiguration, seed: UInt64) {
    self.configuration = configuration.clamped
    jitter = SplitMix64(seed: seed)
  }

  /// All connections, those being opened and closed included.
  var total: Int { opening + checking + idle.count + lent + closing }
  /// Connections that serve somebody or could.
  var live: Int { checking + idle.count + lent }

  var counts: PoolCounts { PoolCounts(idle: idle.count, used: checking + lent, waiting: line.count) }

  /// Whoever wants a connection now must wait for one.
  var isFull: Bool {
    let counts = counts
    return counts.waiting > 0 || (counts.idle == 0 && counts.used >= configuration.maximumConnections)
  }

  /// When `tick` is due, at the latest; nil where nothing is to come by itself.
  var nextTick: PoolMoment? {
    var due = line.first?.deadline
    func consider(_ moment: PoolMoment?) {
      if let moment { due = due.map { min($0, moment) } ?? moment }
    }
    if isShutDown {
      if lent > 0 { consider(shutdownDeadline) }
      return due
    }
    let isShort = hasUnserved || isKept && isBelowMinimum
    if isShort, failures > 0, opening == 0, total < configuration.maximumConnections { consider(retryAt) }
    if isKept { consider(upkeepAt) }
    return due
  }

  /// Requests wait for which nothing is under way.
  var hasUnserved: Bool { line.count > checking + opening }
  var isBelowMinimum: Bool { keepsMinimum && live + opening < configuration.minimumConnections }
}

/// What a pool's gauges show.
struct PoolCounts: Hashable, Sendable {
  var idle = 0
  var used = 0
  var waiting = 0
}

/// Why a request got no connection.
enum PoolFailure: Hashable, Sendable {
  case shutDown
  case tooManyWaiters
  /// Its time passed while others had the connections.
  case exhausted
  /// The server cannot be reached.
  case connectionFailed
}

/// Why a connection was closed; the raw values are those of the metrics.
enum CloseReason: String, CaseIterable, Sendable {
  /// It came back broken, or inside of a transaction.
  case broken
  /// It was dead when it was looked at before being lent.
  case unhealthy
  case idle
  case lifetime
  case shutdown
}
