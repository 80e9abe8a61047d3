internal import CLibPQ

/// Owns a `PGcancel`: what it takes to ask the server to cancel a session's statement.
///
/// Why it may cross threads: `PQgetCancel` copies what it needs, nothing changes the copy afterwards, and
/// libpq's documentation of `PQcancel` says so: "The PGcancel object is read-only as far as PQcancel is
/// concerned, so it can also be invoked from a thread that is separate from the one manipulating the PGconn
/// object." The pointer is private, and freed only when the last reference is gone.
final class CancelTicket: @unchecked Sendable {
  private let cancel: OpaquePointer

  init(owning cancel: OpaquePointer) {
    self.cancel = cancel
  }

  deinit { PQfreeCancel(cancel) }

  /// Sends the request over a connection of its own and waits until the server has taken it; blocks.
  func send() -> Bool {
    var reason: [CChar] = Array(repeating: 0, count: 256)
    return PQcancel(cancel, &reason, Int32(reason.count)) == 1
  }
}
