internal import Synchronization
internal import TokyoDataCore

/// One session with a PostgreSQL server: an actor that lives on its own thread.
///
/// Statements of several tasks run one after the other. While a transaction, stream or COPY holds the
/// connection, only it may run statements: others throw `PostgresError.busy`. Canceling a task cancels its
/// statement on the server and leaves the connection clean; where that takes too long, the connection is
/// closed. It closes when it is closed or let go.
public actor PostgresConnection {
  nonisolated let executor: ThreadExecutor
  nonisolated let configuration: PostgresConfiguration
  /// Whether statements may still be given to it.
  nonisolated let usable = Atomic(true)

  /// Statements that were ordered or given up since the session last looked.
  nonisolated let inbox = Mutex(OrderInbox())

  var link = ServerLink()
  var turns = TurnQueue()
  var statements: StatementCache
  var pipeline = Pipeline()
  var taken = OrderInbox()
  var patience = Patience()
  /// Who may run statements now: the last one, or anybody where there is none.
  var holds: [PostgresHold] = []
  var lastHold: UInt64 = 0
  /// Transactions and savepoints of which a call missed its deadline: they can only be undone.
  var overdue: Set<PostgresHold> = []
  var cursor: RowCursor?
  var copyInput: CopyInput?
  var cancelRequest = CancelRequest.none
  var isDraining = false
  var isClosing = false

  /// The connection's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private init(_ configuration: PostgresConfiguration) throws(PostgresError) {
    self.configuration = configuration
    statements = StatementCache(
      limit: configuration.statementCacheSize, infinities: configuration.infinities)
    do { executor = try ThreadExecutor() } catch {
      throw PostgresError(.outOfResources, error.message, cause: error)
    }
  }

  deinit { executor.shutdown() }

  /// Opens a session.
  ///
  /// - Throws: `PostgresError.connectionFailed`, `.deadlineExceeded` after the configured time, or
  ///   `CancellationError`.
  public static func connect(_ configuration: PostgresConfiguration) async throws -> PostgresConnection {
    let connection = try PostgresConnection(configuration)
    connection.executor.serve { [weak connection] in
      connection?.assumeIsolated { $0.attend() } ?? .nothing
    }
    try await connection.open()
    return connection
  }

  /// Ends the session at once; what runs or waits throws.
  ///
  /// A statement that is running ends with `PostgresError.connectionLost`.
  public func close() {
    isClosing = true
    usable.store(false, ordering: .relaxed)
    if pipeline.isOpen {
      failPipeline(PostgresError(.closed, "the connection was closed"))
    } else if turns.isTaken {
      turns.interruptHolder(executor)
    } else {
      closeLink()
    }
  }

  /// Ends the session; its thread must not look at a descriptor that may soon be another's.
  func closeLink() {
    usable.store(false, ordering: .relaxed)
    executor.watch(nil)
    link.close()
  }

  /// The session is open, idle and outside of any transaction, so another task may have it.
  ///
  /// A server that ended the idle session has said so on the socket only, which nobody reads here.
  public var isReusable: Bool {
    !isClosing && link.isOpen && holds.isEmpty && !turns.isTaken && link.transactionState == .idle
  }

  /// The session is open as far as is known.
  public var isOpen: Bool { !isClosing && link.isOpen }

  /// The session is usable as far as is known, told without waiting for its thread.
  nonisolated var isUsable: Bool { usable.load(ordering: .relaxed) }

  /// The server's process that serves this session.
  public var processID: Int32 { link.processID }

  /// The server's version, such as 150004.
  public var serverVersion: Int { Int(link.serverVersion) }

  /// The session is encrypted.
  public var usesTLS: Bool { link.usesTLS }
}
