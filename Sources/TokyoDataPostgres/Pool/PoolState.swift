/// Who has which connection and who waits, without connections, tasks or clocks.
///
/// Every event returns what the shell is to do about it.
struct PoolState<ID: Hashable & Sendable>: Sendable {
  /// Names one wait for a lease.
  struct Waiter: Hashable, Sendable {
    fileprivate var number: UInt64
  }

  enum Lease: Hashable, Sendable {
    /// This idle connection is yours.
    case use(ID)
    /// Open a connection; then report `opened` or `openFailed`.
    case open
    /// Wait; `Handover` will name this waiter.
    case wait(Waiter)
    case closed
  }

  /// What becomes of a connection, or of the right to open one, that somebody gave back.
  enum Handover: Hashable, Sendable {
    case nobody
    /// The waiter gets the connection.
    case give(ID, Waiter)
    /// The waiter is to open a connection.
    case open(Waiter)
    /// The pool is closed: close the connection.
    case close(ID)
  }

  private let limit: Int
  /// The most recently used last: it is the likeliest to be alive, the others may age.
  private(set) var idle: [ID] = []
  /// Leased or being opened.
  private(set) var inUse = 0
  private(set) var waiting: [Waiter] = []
  private(set) var isClosed = false
  private var lastNumber: UInt64 = 0

  init(limit: Int) { self.limit = max(1, limit) }

  mutating func lease() -> Lease {
    if isClosed { return .closed }
    if let id = idle.popLast() {
      inUse += 1
      return .use(id)
    }
    if inUse < limit {
      inUse += 1
      return .open
    }
    lastNumber += 1
    let waiter = Waiter(number: lastNumber)
    waiting.append(waiter)
    return .wait(waiter)
  }

  /// A lease ends with a connection that others may have.
  mutating func giveBack(_ id: ID) -> Handover {
    if isClosed {
      inUse -= 1
      return .close(id)
    }
    if let next = popWaiter() { return .give(id, next) }
    inUse -= 1
    idle.append(id)
    return .nobody
  }

  /// A lease ends with a broken connection, or with none because it could not be opened.
  mutating func giveBackNothing() -> Handover {
    if !isClosed, let next = popWaiter() { return .open(next) }
    inUse -= 1
    return .nobody
  }

  /// A waiter gives up; false where it has been served already.
  mutating func abandon(_ waiter: Waiter) -> Bool {
    guard let index = waiting.firstIndex(of: waiter) else { return false }
    waiting.remove(at: index)
    return true
  }

  /// No more leases: the idle connections are to be closed and the waiters to be told.
  mutating func close() -> (idle: [ID], waiting: [Waiter]) {
    isClosed = true
    defer { (idle, waiting) = ([], []) }
    return (idle, waiting)
  }

  private mutating func popWaiter() -> Waiter? {
    waiting.isEmpty ? nil : waiting.removeFirst()
  }
}
