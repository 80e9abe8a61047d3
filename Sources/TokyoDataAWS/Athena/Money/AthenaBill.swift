/// What the queries behind one answer scanned, and what is paid for it.
struct AthenaBill: Hashable, Sendable {
  private(set) var scannedBytes = 0
  private(set) var billedBytes = 0
  /// False where a query was started of which nobody knows what it scanned.
  private(set) var isComplete = true

  /// Adds a query that has ended.
  ///
  /// Athena asks for nothing for statements that define things, for failed queries, for those that never ran, and
  /// for earlier results; a canceled one pays for what it scanned.
  mutating func add(_ query: AthenaQuery?, price: AthenaPrice) {
    guard let query else {
      isComplete = false
      return
    }
    let statistics = query.statistics
    let scanned = max(0, statistics?.dataScannedInBytes ?? 0)
    scannedBytes += scanned
    guard query.statementType == nil || query.statementType == "DML", query.status.state != .failed,
      statistics?.resultReuseInformation?.reusedPreviousResult != true
    else { return }
    let hasRun = query.status.state == .succeeded || scanned > 0
    billedBytes += hasRun ? price.billedBytes(scanned: scanned) : 0
  }

  /// Adds what another answer took.
  mutating func add(_ receipt: AthenaReceipt) {
    scannedBytes += receipt.scannedBytes
    billedBytes += receipt.billedBytes
  }
}
