internal import CLibPQ

extension ServerLink {
  /// Takes the notifications that have come in, in their order.
  func takeNotifications() -> [PostgresNotification] {
    var taken: [PostgresNotification] = []
    while let notification = PQnotifies(pointer) {
      // Ours from here on, its texts with it.
      defer { PQfreemem(notification) }
      let fields = notification.pointee
      guard let channel = fields.relname, let payload = fields.extra else { continue }
      taken.append(
        PostgresNotification(
          channel: String(cString: channel), payload: String(cString: payload), processID: fields.be_pid))
    }
    return taken
  }
}
