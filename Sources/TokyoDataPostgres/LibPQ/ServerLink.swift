internal import CLibPQ

/// Owns one `PGconn`, in non-blocking mode; closes it when it goes.
///
/// A closed link refuses everything, as libpq does for a null connection.
struct ServerLink: ~Copyable {
  var pointer: OpaquePointer?
  var wasSetToSingleRows = false

  init() {}

  deinit { PQfinish(pointer) }

  enum Progress {
    case needsRead
    case needsWrite
    case failed
    case connected
  }

  /// Begins to connect; resolving a host's name blocks, which is why it runs on the connection's thread.
  mutating func start(_ parameters: [(name: String, value: String)]) throws(PostgresError) {
    close()
    let names = CStringArray(parameters.map(\.name))
    let values = CStringArray(parameters.map(\.value))
    pointer = PQconnectStartParams(names.pointers, values.pointers, 1)
    guard pointer != nil else { throw PostgresError(.outOfResources, "libpq has no memory for a connection") }
    // Notices belong to nobody here; libpq would print them to stderr.
    PQsetNoticeProcessor(pointer, { _, _ in }, nil)
    guard PQstatus(pointer) != CONNECTION_BAD else { throw connectFailure() }
  }

  func continueConnecting() -> Progress {
    switch PQconnectPoll(pointer) {
    case PGRES_POLLING_READING: .needsRead
    case PGRES_POLLING_WRITING: .needsWrite
    case PGRES_POLLING_OK: PQsetnonblocking(pointer, 1) == 0 ? .connected : .failed
    default: .failed
    }
  }

  mutating func close() {
    PQfinish(pointer)
    pointer = nil
  }

  var isOpen: Bool { pointer != nil && PQstatus(pointer) == CONNECTION_OK }
  /// −1 when closed.
  var socket: Int32 { PQsocket(pointer) }
  var usesTLS: Bool { PQsslInUse(pointer) == 1 }
  var processID: Int32 { PQbackendPID(pointer) }
  var serverVersion: Int32 { PQserverVersion(pointer) }

  enum TransactionState {
    case idle
    case active
    case inTransaction
    case inFailedTransaction
    case unknown
  }

  var transactionState: TransactionState {
    switch PQtransactionStatus(pointer) {
    case PQTRANS_IDLE: .idle
    case PQTRANS_ACTIVE: .active
    case PQTRANS_INTRANS: .inTransaction
    case PQTRANS_INERROR: .inFailedTransaction
    default: .unknown
    }
  }

  func parameter(_ name: String) -> String? {
    PQparameterStatus(pointer, name).map { String(cString: $0) }
  }

  func makeCancelTicket() -> CancelTicket? {
    guard let cancel = PQgetCancel(pointer) else { return nil }
    return CancelTicket(owning: cancel)
  }

  /// An error that carries libpq's words as its cause.
  func failure(_ code: PostgresError.Code, _ message: String) -> PostgresError {
    let words = PQerrorMessage(pointer).map { String(cString: $0) } ?? ""
    return PostgresError(code, message, cause: words.isEmpty ? nil : PostgresClientMessage(text: words))
  }
}

extension ServerLink {
  /// Why no session was opened.
  ///
  /// Of libpq's words only those about an address it tried: others quote what it made of the connection
  /// string, which may be a piece of a password with characters that should have been escaped.
  func connectFailure() -> PostgresError {
    let words = PQerrorMessage(pointer).map { String(cString: $0) } ?? ""
    let tried = words.split(separator: "\n").filter { $0.hasPrefix("connection to server") }
    guard !tried.isEmpty else {
      return PostgresError(
        .connectionFailed, "cannot connect: the connection string or a host in it cannot be understood")
    }
    return PostgresError(
      .connectionFailed, "cannot connect", cause: PostgresClientMessage(text: tried.joined(separator: "\n")))
  }
}

/// Copies of Swift strings as a null-terminated array of C strings, for the length of a call.
struct CStringArray: ~Copyable {
  private let slots: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>

  init(_ texts: [String]) {
    slots = .allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() {
      let string = Array(text.utf8CString)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count)
      copy.initialize(from: string, count: string.count)
      slots.initializeElement(at: index, to: UnsafePointer(copy))
    }
    slots.initializeElement(at: texts.count, to: nil)
  }

  deinit {
    for case let string? in slots { string.deallocate() }
    slots.deallocate()
  }

  var pointers: UnsafePointer<UnsafePointer<CChar>?>? { UnsafePointer(slots.baseAddress) }
}

extension ServerLink {
  /// Where this session is, as connection parameters: of a host list, the one that answered.
  var endpoint: [(name: String, value: String)] {
    let parts = [
      ("host", PQhost(pointer).map { String(cString: $0) }),
      ("port", PQport(pointer).map { String(cString: $0) }),
      ("hostaddr", PQhostaddr(pointer).map { String(cString: $0) }),
    ]
    // A socket's folder is no address, and an empty value would mean the default.
    return parts.compactMap { name, value in
      guard let value, !value.isEmpty, !(name == "hostaddr" && value.hasPrefix("/")) else { return nil }
      return (name, value)
    }
  }
}
