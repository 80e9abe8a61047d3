internal import Synchronization
internal import TokyoDataCore

/// The ledger's id, once it was asked for: it never changes.
final class KnownLedgerID: Sendable {
  private let known = Mutex<LedgerID?>(nil)

  var id: LedgerID? { known.withLock { $0 } }

  func keep(_ id: LedgerID) { known.withLock { $0 = id } }
}
