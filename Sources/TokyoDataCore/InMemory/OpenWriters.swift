/// The transactions that have written and not ended, and who waits for them.
struct OpenWriters: Sendable {
  private var writers: [DatasetName: Set<UInt64>] = [:]
  private var waits: [UInt64: Wait] = [:]
  private var lastWait: UInt64 = 0

  private struct Wait: Sendable {
    let dataset: DatasetName
    let transactions: Set<UInt64>
    let done: AsyncStream<Never>.Continuation
  }

  mutating func begin(_ transaction: UInt64, on dataset: DatasetName) {
    writers[dataset, default: []].insert(transaction)
  }

  /// Ends a transaction and lets those go on who waited for nobody else.
  mutating func end(_ transaction: UInt64, on datasets: some Sequence<DatasetName>) {
    for dataset in datasets { writers[dataset]?.remove(transaction) }
    for (id, wait) in waits where open(on: wait.dataset).isDisjoint(with: wait.transactions) {
      wait.done.finish()
      waits[id] = nil
    }
  }

  func open(on dataset: DatasetName) -> Set<UInt64> { writers[dataset] ?? [] }

  /// Notes that someone waits for some transactions; the continuation is finished when all have ended.
  mutating func wait(
    for transactions: Set<UInt64>, on dataset: DatasetName, _ done: AsyncStream<Never>.Continuation
  ) -> UInt64 {
    lastWait += 1
    waits[lastWait] = Wait(dataset: dataset, transactions: transactions, done: done)
    return lastWait
  }

  mutating func stopWaiting(_ id: UInt64) { waits[id] = nil }
}
