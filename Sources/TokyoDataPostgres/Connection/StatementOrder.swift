internal import TokyoDataCore

/// What a task orders of a session: one statement, to be run with those of others.
struct StatementOrder: Sendable {
  let number: UInt64
  let key: StatementCache.Key
  let parameters: [EncodedParameter]
  let expected: ColumnSchema?
  /// Its rows are wanted, not just their number.
  let returnsRows: Bool
  let deadline: ContinuousClock.Instant?
  /// No other statement of the process is under way: its answer is worth a short look before anybody sleeps.
  let isAlone: Bool
  let continuation: UnsafeContinuation<PipelinedStatement.Answer, any Error>
}

/// What was handed to a session and not yet looked at.
struct OrderInbox: Sendable {
  var orders: [StatementOrder] = []
  /// The numbers of those that were given up; they may be in any state, also answered.
  var cancellations: [UInt64] = []
  private var lastNumber: UInt64 = 0

  var isEmpty: Bool { orders.isEmpty && cancellations.isEmpty }

  mutating func makeNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// Takes all of it; the buffers change hands, so nothing is allocated anew.
  mutating func take(into other: inout OrderInbox) {
    other.orders.removeAll(keepingCapacity: true)
    other.cancellations.removeAll(keepingCapacity: true)
    swap(&orders, &other.orders)
    swap(&cancellations, &other.cancellations)
  }
}
