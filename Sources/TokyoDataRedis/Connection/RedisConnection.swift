internal import Synchronization

/// One connection to a Redis server: an actor that lives on its own thread.
///
/// Commands of several tasks are written together and answered in order. It ends once and for all when it is
/// closed, when the server or the network ends it, and when the server is silent for a command's whole time.
actor RedisConnection {
  /// So many bytes are taken from the socket at once.
  private static let receiveCapacity = 64 << 10

  nonisolated let executor: ThreadExecutor
  nonisolated let configuration: RedisConfiguration
  nonisolated let signals: RedisSignals
  /// What was given to it since it last looked.
  nonisolated let inbox = Mutex(CommandInbox())
  /// How it ended; nil while it has not.
  nonisolated let end = Mutex<End?>(nil)
  /// Calls that were answered.
  nonisolated let answered = Atomic<Int>(0)

  var socket = RedisSocket()
  /// The socket is connected, and counted as such.
  var isConnected = false
  var reader: ReplyReader
  var output = OutputBuffer()
  var replies = ReplyQueue()
  var patience = Patience()
  /// Bytes that the server has said so far.
  var heard: UInt64 = 0
  var room = [UInt8](repeating: 0, count: receiveCapacity)

  struct End: Sendable {
    var error: RedisConnectionError
    /// Something is wrong with the server or the way to it: neither did we close the connection, nor the server
    /// an idle one.
    var isFailure: Bool
  }

  /// The connection's own thread.
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Commands can be given to it, as far as is known.
  nonisolated var isUsable: Bool { end.withLock { $0 == nil } }

  init(_ configuration: RedisConfiguration, _ signals: RedisSignals) throws(TokyoDataError) {
    self.configuration = configuration
    self.signals = signals
    reader = try ReplyReader(maximumBytes: configuration.maximumReplyBytes)
    executor = try ThreadExecutor()
  }

  deinit { executor.shutdown() }

  /// Ends the connection; what was not answered throws.
  func close() {
    finish(RedisConnectionError(.closed), isFailure: false)
  }

  /// Ends the connection, whatever the reason; only the first one counts.
  func finish(_ error: RedisConnectionError, isFailure: Bool) {
    let isFirst = end.withLock { end in
      defer { end = end ?? End(error: error, isFailure: isFailure) }
      return end == nil
    }
    guard isFirst else { return }
    // The thread must not look at a descriptor that may soon be another's.
    executor.watch(nil)
    if isConnected { signals.noteClosed() }
    if isFailure { signals.noteLoss(error) }
    socket.close()
    output.removeAll()
    let waiting = inbox.withLock { inbox in
      inbox.end(because: error)
      return inbox.take().groups
    }
    for group in replies.takeAll() + waiting { group.continuation.resume(throwing: TokyoDataError(error)) }
  }
}
